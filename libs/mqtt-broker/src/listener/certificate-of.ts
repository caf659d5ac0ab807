// What a client's certificate says, in the forms that Mosquitto's options mean.

import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { type Certificate, TLSSocket } from 'node:tls';
import type { ClientCertificate } from '../auth/client-certificate.js';
import { nameOf } from './rfc2253.js';

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
    subject: nameOf(certificate, 'subject'),
    issuer: nameOf(certificate, 'issuer'),
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
