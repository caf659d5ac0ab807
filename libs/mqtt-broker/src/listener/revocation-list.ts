import { type KeyObject, verify } from 'node:crypto';
import { extensionsIn } from './certificate-body.js';
import { type Element, elementsOf, unwrap, valueOf } from './der.js';

const INTEGER = 2;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const EXTENSIONS = 0xa0;

/** Hashes of the signature algorithms, by object identifier. */
const hashes: Readonly<Record<string, string | null>> = {
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  // Ed25519 hashes by itself.
  '2b6570': null,
};

/** Undefined for what is no time. */
function timeOf(bytes: Buffer, { tag, start, end }: Element): number | undefined {
  if (tag !== UTC_TIME && tag !== GENERALIZED_TIME) return undefined;
  const text = bytes.toString('latin1', start, end);
  // Of two digits, those from 50 are of the last century. (RFC 5280, 5.1.2.4)
  const year = tag === GENERALIZED_TIME ? '' : text < '50' ? '20' : '19';
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(year + text) ?? [];
  const [years = Number.NaN, months = 0, days, hours, minutes, seconds] = parts.map(Number);
  return Date.UTC(years, months - 1, days, hours, minutes, seconds);
}

/** A list in PEM form that OpenSSL could read. */
export class RevocationList {
  /** The name of its authority, as it is encoded. */
  readonly issuer: Buffer;
  /** It says something that is not understood here: of a part of the certificates only, or a change to another. */
  readonly isPartial: boolean;
  readonly #serialNumbers: ReadonlySet<string>;
  /** When it was made, and when the next one is due: never, where it does not say. */
  readonly #fromMs: number;
  readonly #untilMs: number;
  readonly #bytes: Buffer;

  constructor(pem: string) {
    const bytes = Buffer.from(pem.replaceAll(/-----[^-]+-----/g, ''), 'base64');
    const [body] = unwrap(bytes);
    const fields = body === undefined ? [] : elementsOf(bytes, body);
    // Version (when not 1), algorithm, issuer, times, revoked certificates (when there are some), extensions.
    const [, issuer, ...rest] = fields[0]?.tag === INTEGER ? fields.slice(1) : fields;
    const [from, until] = rest.map((one) => timeOf(bytes, one));
    this.#fromMs = from ?? Number.NaN;
    this.#untilMs = until ?? Infinity;
    const revoked = rest.find(({ tag }) => tag === SEQUENCE);
    const extensions = extensionsIn(
      bytes,
      rest.find(({ tag }) => tag === EXTENSIONS),
    );
    this.issuer = bytes.subarray(issuer?.from, issuer?.end);
    this.isPartial = [...extensions.values()].some(({ isCritical }) => isCritical);
    this.#serialNumbers = new Set(
      (revoked === undefined ? [] : elementsOf(bytes, revoked)).map((entry) =>
        valueOf(bytes, elementsOf(bytes, entry)[0]),
      ),
    );
    this.#bytes = bytes;
  }

  has(serialNumber: string): boolean {
    return this.#serialNumbers.has(serialNumber);
  }

  isCurrent(atMs: number): boolean {
    return this.#fromMs <= atMs && atMs <= this.#untilMs;
  }

  /** False also for algorithms that are not known here. */
  isSignedBy(key: KeyObject): boolean {
    const bytes = this.#bytes;
    const [body, algorithm, signature] = unwrap(bytes);
    if (body === undefined || algorithm === undefined || signature === undefined) return false;
    const hash = hashes[valueOf(bytes, elementsOf(bytes, algorithm)[0])];
    if (hash === undefined) return false;
    // The first byte of a bit string counts its unused bits.
    const signed = bytes.subarray(signature.start + 1, signature.end);
    return verify(hash, bytes.subarray(body.from, body.end), key, signed);
  }
}
