// A certificate authority for tests: X.509 v3 certificates with P-256 keys, built from their ASN.1, because Node can
// sign but not issue, and no test should need a tool for it.
import { createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';

const OID = {
  ecdsaWithSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
  basicConstraints: [0x55, 0x1d, 0x13],
  subjectAltName: [0x55, 0x1d, 0x11],
  extendedKeyUsage: [0x55, 0x1d, 0x25],
  keyUsage: [0x55, 0x1d, 0x0f],
  unheardOf: [0x2a, 0x09],
  serverAuth: [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01],
  clientAuth: [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02],
} as const;

/** The attributes of a name that tests use; `9.9.9` is one that nobody knows. */
const ATTRIBUTE = {
  CN: [0x55, 0x04, 0x03],
  O: [0x55, 0x04, 0x0a],
  OU: [0x55, 0x04, 0x0b],
  C: [0x55, 0x04, 0x06],
  emailAddress: [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01],
  '1.2.9': [0x2a, 0x09],
} as const;

const TAG = {
  boolean: 1,
  integer: 2,
  bits: 3,
  octets: 4,
  oid: 6,
  utf8: 12,
  utcTime: 23,
} as const;
const SEQUENCE = 0x30;
const SET = 0x31;

function der(tag: number, ...parts: (Uint8Array | readonly number[])[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const size: number[] = [];
  for (let rest = body.length; rest > 0; rest >>= 8) size.unshift(rest & 0xff);
  const length = body.length < 0x80 ? [body.length] : [0x80 | size.length, ...size];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const context = (number: number, ...parts: Buffer[]) => der(0xa0 | number, ...parts);
const algorithm = der(SEQUENCE, der(TAG.oid, OID.ecdsaWithSha256));

type Attribute = readonly [keyof typeof ATTRIBUTE, string];
/** From the root to the leaf; a part may be a set of several attributes. */
export type TestName = readonly (Attribute | readonly Attribute[])[];

const nameOf = (name: string | TestName) =>
  der(
    SEQUENCE,
    ...(typeof name === 'string' ? [['CN', name] as Attribute] : name).map((part) =>
      der(
        SET,
        ...(isAttribute(part) ? [part] : part).map(([type, value]) =>
          der(SEQUENCE, der(TAG.oid, ATTRIBUTE[type]), der(TAG.utf8, Buffer.from(value))),
        ),
      ),
    ),
  );

function isAttribute(part: Attribute | readonly Attribute[]): part is Attribute {
  return typeof part[0] === 'string';
}

function utcTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/\D/g, '');
  return der(TAG.utcTime, Buffer.from(`${digits.slice(2, 14)}Z`));
}

function extension(oid: readonly number[], critical: boolean, value: Buffer): Buffer {
  const flag = critical ? der(TAG.boolean, [0xff]) : Buffer.alloc(0);
  return der(SEQUENCE, der(TAG.oid, oid), flag, der(TAG.octets, value));
}

const isAuthority = extension(OID.basicConstraints, true, der(SEQUENCE, der(TAG.boolean, [0xff])));
const isNoAuthority = extension(OID.basicConstraints, true, der(SEQUENCE));

function pem(label: string, bytes: Buffer): string {
  const text = bytes.toString('base64').replaceAll(/(.{64})(?=.)/g, '$1\n');
  return `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`;
}

function signed(body: Buffer, key: KeyObject): Buffer {
  const signature = createSign('sha256').update(body).sign(key);
  return der(SEQUENCE, body, algorithm, der(TAG.bits, [0], signature));
}

const DAY_MS = 86_400_000;

interface Lifetime {
  /** Days from now; default -1. */
  fromDays?: number;
  /** Days from now; default 30. */
  toDays?: number;
}

function validity({ fromDays = -1, toDays = 30 }: Lifetime): [Buffer, Buffer] {
  const now = Date.now();
  return [utcTime(now + fromDays * DAY_MS), utcTime(now + toDays * DAY_MS)];
}

interface Request extends Lifetime {
  readonly subject: string | TestName;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

/** What a leaf certificate may have of its own. */
export interface LeafOptions extends Lifetime {
  /** A DNS name, which makes it one for servers. */
  dnsName?: string;
  /** What it may be used for, and nothing else. Default: anything. */
  usage?: 'server' | 'client';
  /** Its key may only encipher keys, which no client needs. */
  onlyEnciphers?: boolean;
  /** With a critical extension that nobody knows. */
  unheardOf?: boolean;
}

/** A certificate, its key, and what a revocation list calls it; all as PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
  readonly serial: Buffer;
}

/** Issues certificates with P-256 keys, and revokes them. */
export class TestAuthority {
  /** Its own certificate. */
  readonly ca: string;
  readonly serial: Buffer;
  readonly #name: string;
  readonly #key: KeyObject;

  /** A root, or below `parent`. */
  constructor(name = 'Hearth test authority', parent?: TestAuthority, lifetime: Lifetime = {}) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#name = name;
    this.#key = privateKey;
    const request = { subject: name, publicKey, extensions: [isAuthority], ...lifetime };
    ({ cert: this.ca, serial: this.serial } = (parent ?? this).#sign(request));
  }

  issue(subject: string | TestName, options: LeafOptions = {}): Issued {
    const { dnsName, usage } = options;
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const extensions = [isNoAuthority];
    if (dnsName !== undefined) {
      // A DNS name is context tag 2, primitive.
      const names = der(SEQUENCE, der(0x82, Buffer.from(dnsName)));
      extensions.push(extension(OID.subjectAltName, false, names));
    }
    if (usage !== undefined) {
      const oid = usage === 'server' ? OID.serverAuth : OID.clientAuth;
      extensions.push(extension(OID.extendedKeyUsage, false, der(SEQUENCE, der(TAG.oid, oid))));
    }
    if (options.onlyEnciphers === true) {
      extensions.push(extension(OID.keyUsage, true, der(TAG.bits, [5, 0x20])));
    }
    if (options.unheardOf === true) extensions.push(extension(OID.unheardOf, true, der(SEQUENCE)));
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return { ...this.#sign({ subject, publicKey, extensions, ...options }), key };
  }

  /** Its own certificate and key, as somebody who is nobody's would use them. */
  asLeaf(): Issued {
    const key = this.#key.export({ type: 'pkcs8', format: 'pem' }).toString();
    return { cert: this.ca, key, serial: this.serial };
  }

  /** The list of those of its certificates that are revoked. */
  revoke(certificates: readonly { serial: Buffer }[], lifetime: Lifetime = {}): string {
    const [from, to] = validity(lifetime);
    const entries = certificates.map(({ serial }) => der(SEQUENCE, der(TAG.integer, serial), from));
    const body = der(
      SEQUENCE,
      der(TAG.integer, [1]),
      algorithm,
      nameOf(this.#name),
      from,
      to,
      ...(entries.length === 0 ? [] : [der(SEQUENCE, ...entries)]),
    );
    return pem('X509 CRL', signed(body, this.#key));
  }

  #sign({ subject, publicKey, extensions, ...lifetime }: Request): {
    cert: string;
    serial: Buffer;
  } {
    const serial = randomBytes(8);
    serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
    const body = der(
      SEQUENCE,
      context(0, der(TAG.integer, [2])),
      der(TAG.integer, serial),
      algorithm,
      nameOf(this.#name),
      der(SEQUENCE, ...validity(lifetime)),
      nameOf(subject),
      publicKey.export({ type: 'spki', format: 'der' }),
      context(3, der(SEQUENCE, ...extensions)),
    );
    return { cert: pem('CERTIFICATE', signed(body, this.#key)), serial };
  }
}

/** An authority and a certificate for a server of that DNS name, all as PEM. */
export function makeTestAuthority(serverName: string): { ca: string; cert: string; key: string } {
  const authority = new TestAuthority();
  const { cert, key } = authority.issue(serverName, { dnsName: serverName });
  return { ca: authority.ca, cert, key };
}
