// What a client's certificate says, in the forms that Mosquitto's options mean.

import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { type Certificate, TLSSocket } from 'node:tls';
import type { ClientCertificate } from '../auth/client-certificate.js';

/** The certificate that the other side proved; a listener lets no other one through. */
export function certificateOf(socket: Socket): ClientCertificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const certificate = socket.getPeerX509Certificate();
  return certificate === undefined ? undefined : toClientCertificate(certificate);
}

function toClientCertificate(certificate: X509Certificate): ClientCertificate {
  const commonName = commonNameOf(certificate);
  return {
    ...(commonName === undefined ? {} : { commonName }),
    subject: toRfc2253(certificate.subject),
    issuer: toRfc2253(certificate.issuer),
    serialNumber: certificate.serialNumber,
    fingerprint256: certificate.fingerprint256,
    validTo: new Date(certificate.validTo),
  };
}

function commonNameOf(certificate: X509Certificate): string | undefined {
  // Their types promise a subject; a certificate may have none.
  const { subject } = certificate.toLegacyObject() as { subject?: Partial<Certificate> };
  const names: string | string[] | undefined = subject?.CN;
  return Array.isArray(names) ? names[0] : names;
}

/** From Node's form: a line for each part from first to last, values escaped as RFC 2253 wants it but for what is not ASCII. */
function toRfc2253(lines: string | undefined): string {
  if (lines === undefined) return '';
  const parts = lines.split('\n').reverse();
  return parts.map((part) => part.replaceAll(' + ', '+').replaceAll(/[^ -~]/gu, escaped)).join(',');
}

/** Its UTF-8 bytes, each as OpenSSL writes them. */
function escaped(character: string): string {
  const hex = Buffer.from(character).toString('hex').toUpperCase();
  return hex.replaceAll(/../g, String.raw`\$&`);
}
