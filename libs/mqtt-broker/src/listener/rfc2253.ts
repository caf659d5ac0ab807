// Names of certificates as `openssl x509 -nameopt RFC2253` prints them, which Mosquitto takes for user names.

import type { X509Certificate } from 'node:crypto';
import { bodyOf } from './certificate-body.js';
import { type Element, elementsOf } from './der.js';

/** Its subject or issuer, last part first. */
export function nameOf(certificate: X509Certificate, which: 'subject' | 'issuer'): string {
  // Node's form has a line for each part from first to last. Its type promises one; a name may be empty.
  const text: string | undefined = certificate[which];
  if (text === undefined || text === '') return '';
  let parts = text.split('\n').map((line) => line.split(' + '));
  if (parts.flat().some(isUnknown)) {
    const values = valuesOf(certificate, which)[Symbol.iterator]();
    parts = parts.map((attributes) =>
      attributes.map((attribute) => {
        const value = values.next().value ?? '';
        return isUnknown(attribute) ? attribute.replace(/=[^]*/, `=#${value}`) : attribute;
      }),
    );
  }
  const reversed = parts.map((attributes) => attributes.reverse().join('+')).reverse();
  return reversed.join(',').replaceAll(/[^ -~]/gu, escaped);
}

/** An attribute whose type has no name in OpenSSL. */
function isUnknown(attribute: string): boolean {
  return /^\d/.test(attribute);
}

/** The UTF-8 bytes of what is not ASCII. Whatever else RFC 2253 wants escaped, Node has escaped. */
function escaped(character: string): string {
  return hexOf(Buffer.from(character)).replaceAll(/../g, String.raw`\$&`);
}

function hexOf(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase();
}

/** The values of a name as they are encoded, first to last. */
function valuesOf(certificate: X509Certificate, which: 'subject' | 'issuer'): string[] {
  const { bytes, [which]: name } = bodyOf(certificate);
  const inside = (element: Element): Element[] => elementsOf(bytes, element);
  if (name === undefined) return [];
  return inside(name)
    .flatMap(inside)
    .map((attribute) => hexOf(bytes.subarray(inside(attribute)[1]?.from, attribute.end)));
}
