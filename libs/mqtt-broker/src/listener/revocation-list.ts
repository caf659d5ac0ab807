import { type KeyObject, verify } from 'node:crypto';
import { extensionsIn } from './certificate-body.js';
import { elementsOf, unwrap, valueOf } from './der.js';

const INTEGER = 2;
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

/** A list in PEM form that OpenSSL could read. */
export class RevocationList {
  /** The name of its authority, as it is encoded. */
  readonly issuer: Buffer;
  /** It says something that is not understood here: of a part of the certificates only, or a change to another. */
  readonly isPartial: boolean;
  readonly #serialNumbers: ReadonlySet<string>;
  readonly #bytes: Buffer;

  constructor(pem: string) {
    const bytes = Buffer.from(pem.replaceAll(/-----[^-]+-----/g, ''), 'base64');
    const [body] = unwrap(bytes);
    const fields = body === undefined ? [] : elementsOf(bytes, body);
    // Version (when not 1), algorithm, issuer, times, revoked certificates (when there are some), extensions.
    const [, issuer, ...rest] = fields[0]?.tag === INTEGER ? fields.slice(1) : fields;
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
