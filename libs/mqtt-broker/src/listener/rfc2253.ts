// Names of certificates as `openssl x509 -nameopt RFC2253` prints them, which Mosquitto takes for user names.

import type { X509Certificate } from 'node:crypto';

/** A DER element. OpenSSL has parsed the whole before us. */
interface Element {
  /** Where it begins, with its tag. */
  readonly from: number;
  /** Where its value begins and ends. */
  readonly start: number;
  readonly end: number;
  readonly tag: number;
}

const EXPLICIT_VERSION = 0xa0;

/** Its subject or issuer, last part first. */
export function nameOf(certificate: X509Certificate, which: 'subject' | 'issuer'): string {
  // Node's form has a line for each part from first to last. Its type promises one; a name may be empty.
  const text: string | undefined = certificate[which];
  if (text === undefined || text === '') return '';
  let parts = text.split('\n').map((line) => line.split(' + '));
  if (parts.flat().some(isUnknown)) {
    const values = valuesOf(certificate.raw, which)[Symbol.iterator]();
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
function valuesOf(certificate: Buffer, which: 'subject' | 'issuer'): string[] {
  const inside = (element: Element): Element[] => elementsOf(certificate, element);
  const [whole] = elementsOf(certificate, { start: 0, end: certificate.length });
  const [body] = whole === undefined ? [] : inside(whole);
  const fields = body === undefined ? [] : inside(body);
  // Version (when not 1), serial number, algorithm, issuer, validity, subject.
  const first = fields[0]?.tag === EXPLICIT_VERSION ? 1 : 0;
  const name = fields[first + (which === 'issuer' ? 2 : 4)];
  if (name === undefined) return [];
  return inside(name)
    .flatMap(inside)
    .map((attribute) => hexOf(certificate.subarray(inside(attribute)[1]?.from, attribute.end)));
}

/** The DER elements between two places. */
function elementsOf(bytes: Buffer, { start, end }: { start: number; end: number }): Element[] {
  const elements: Element[] = [];
  for (let at = start; at < end;) {
    const from = at;
    const tag = bytes[at] ?? 0;
    const short = bytes[at + 1] ?? 0;
    const lengthBytes = short < 0x80 ? 0 : short & 0x7f;
    at += 2 + lengthBytes;
    const length = lengthBytes === 0 ? short : bytes.readUIntBE(at - lengthBytes, lengthBytes);
    elements.push({ tag, from, start: at, end: at + length });
    at += length;
  }
  return elements;
}
