// What Node does not tell of a certificate.

import type { X509Certificate } from 'node:crypto';
import { type Element, elementsOf, unwrap, valueOf } from './der.js';

export interface Extension {
  readonly isCritical: boolean;
  readonly value: Buffer;
}

export interface CertificateBody {
  readonly bytes: Buffer;
  readonly serialNumber: string;
  readonly issuer: Element | undefined;
  readonly subject: Element | undefined;
  /** By object identifier, in hexadecimal. */
  readonly extensions: ReadonlyMap<string, Extension>;
}

const EXPLICIT_VERSION = 0xa0;
const EXTENSIONS = 0xa3;

export function bodyOf({ raw: bytes }: X509Certificate): CertificateBody {
  const [body] = unwrap(bytes);
  const fields = body === undefined ? [] : elementsOf(bytes, body);
  // Version (when not 1), serial number, algorithm, issuer, validity, subject.
  const first = fields[0]?.tag === EXPLICIT_VERSION ? 1 : 0;
  return {
    bytes,
    serialNumber: valueOf(bytes, fields[first]),
    issuer: fields[first + 2],
    subject: fields[first + 4],
    extensions: extensionsIn(
      bytes,
      fields.find(({ tag }) => tag === EXTENSIONS),
    ),
  };
}

/** Of a field that holds a list of extensions, or of none. */
export function extensionsIn(bytes: Buffer, field: Element | undefined): Map<string, Extension> {
  const [list] = field === undefined ? [] : elementsOf(bytes, field);
  const extensions = new Map<string, Extension>();
  for (const one of list === undefined ? [] : elementsOf(bytes, list)) {
    const parts = elementsOf(bytes, one);
    const value = parts.at(-1);
    if (value === undefined) continue;
    // Between name and value stands a flag, or nothing.
    const isCritical = parts.length === 3;
    extensions.set(valueOf(bytes, parts[0]), {
      isCritical,
      value: bytes.subarray(value.start, value.end),
    });
  }
  return extensions;
}
