// A certificate authority for tests: X.509 v3 certificates with P-256 keys, built from their ASN.1, because Node can
// sign but not issue, and no test should need a tool for it.
import { createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';

const OID = {
  ecdsaWithSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
  commonName: [0x55, 0x04, 0x03],
  basicConstraints: [0x55, 0x1d, 0x13],
  subjectAltName: [0x55, 0x1d, 0x11],
} as const;

const TAG = { boolean: 1, integer: 2, bits: 3, octets: 4, oid: 6, utf8: 12, utcTime: 23 } as const;
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
const nameOf = (commonName: string) =>
  der(
    SEQUENCE,
    der(SET, der(SEQUENCE, der(TAG.oid, OID.commonName), der(TAG.utf8, Buffer.from(commonName)))),
  );

function utcTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/\D/g, '');
  return der(TAG.utcTime, Buffer.from(`${digits.slice(2, 14)}Z`));
}

function extension(oid: readonly number[], critical: boolean, value: Buffer): Buffer {
  const flag = critical ? der(TAG.boolean, [0xff]) : Buffer.alloc(0);
  return der(SEQUENCE, der(TAG.oid, oid), flag, der(TAG.octets, value));
}

const pem = (certificate: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64').replaceAll(/(.{64})(?=.)/g, '$1\n')}\n-----END CERTIFICATE-----\n`;

interface Request {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly signedBy: KeyObject;
  readonly extensions: readonly Buffer[];
}

const DAY_MS = 86_400_000;

function issue({ subject, issuer, publicKey, signedBy, extensions }: Request): string {
  const serial = randomBytes(8);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const now = Date.now();
  const toBeSigned = der(
    SEQUENCE,
    context(0, der(TAG.integer, [2])),
    der(TAG.integer, serial),
    algorithm,
    nameOf(issuer),
    der(SEQUENCE, utcTime(now - DAY_MS), utcTime(now + 30 * DAY_MS)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    context(3, der(SEQUENCE, ...extensions)),
  );
  const signature = createSign('sha256').update(toBeSigned).sign(signedBy);
  return pem(der(SEQUENCE, toBeSigned, algorithm, der(TAG.bits, [0], signature)));
}

/** An authority and a certificate for a server of that DNS name, all as PEM. */
export function makeTestAuthority(serverName: string): { ca: string; cert: string; key: string } {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = 'Hearth test authority';
  const ca = issue({
    subject: issuer,
    issuer,
    publicKey: authority.publicKey,
    signedBy: authority.privateKey,
    extensions: [extension(OID.basicConstraints, true, der(SEQUENCE, der(TAG.boolean, [0xff])))],
  });
  const cert = issue({
    subject: serverName,
    issuer,
    publicKey: server.publicKey,
    signedBy: authority.privateKey,
    extensions: [
      extension(OID.basicConstraints, true, der(SEQUENCE)),
      // A DNS name is context tag 2, primitive.
      extension(OID.subjectAltName, false, der(SEQUENCE, der(0x82, Buffer.from(serverName)))),
    ],
  });
  return { ca, cert, key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}
