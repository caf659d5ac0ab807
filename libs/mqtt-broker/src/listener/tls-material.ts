// Keys, certificates and lists of a listener, looked at before Node takes them: of a list of authorities it
// leaves out what it cannot read, and of several revocation lists in one text all but the first.

import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { InvalidTls } from '../errors.js';
import type { Pem, TlsOptions } from '../listener-options.js';

/** What Node needs, with one certificate or list in each text. */
interface TlsMaterial extends SecureContextOptions {
  ca?: string[];
  crl?: string[];
}

/** Throws InvalidTls. */
export function toTlsMaterial(tls: TlsOptions, listener: string): TlsMaterial {
  try {
    return readTls(tls);
  } catch (cause) {
    const { message } = cause as Error;
    throw new InvalidTls(`TLS of the listener ${listener}: ${message}`, { cause });
  }
}

function readTls(tls: TlsOptions): TlsMaterial {
  const { ca, crl, requestCertificate = 'none' } = tls;
  const { minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3' } = tls;
  if (minVersion > maxVersion) throw new Error(`no version is from ${minVersion} to ${maxVersion}`);
  if (requestCertificate !== 'none' && ca === undefined) {
    // Node would take those that browsers trust, and so whoever has a certificate of a public authority.
    throw new Error('client certificates are requested, but no ca says whose');
  }
  readCertificates('cert', tls.cert);
  const options: TlsMaterial = {
    key: tls.key,
    cert: tls.cert,
    minVersion,
    maxVersion,
    ...(tls.passphrase === undefined ? {} : { passphrase: tls.passphrase }),
    ...(tls.ciphers === undefined ? {} : { ciphers: tls.ciphers }),
    ...(tls.dhparam === undefined ? {} : { dhparam: tls.dhparam }),
    ...(ca === undefined ? {} : { ca: listOf(ca).flatMap((pem) => readCertificates('ca', pem)) }),
  };
  attempt('key and cert', () => createSecureContext(options));
  if (crl === undefined) return options;
  const lists = listOf(crl).flatMap((pem) => blocksOf('crl', pem, 'X509 CRL'));
  attempt('crl', () => createSecureContext({ crl: lists }));
  return { ...options, crl: lists };
}

function listOf(pems: Pem | readonly Pem[]): readonly Pem[] {
  return typeof pems === 'string' || Buffer.isBuffer(pems) ? [pems] : pems;
}

function readCertificates(piece: string, pem: Pem): string[] {
  const blocks = blocksOf(piece, pem, 'CERTIFICATE');
  for (const block of blocks) attempt(piece, () => new X509Certificate(block));
  return blocks;
}

/** At least one: a text without any is a wrong file. */
function blocksOf(piece: string, pem: Pem, label: string): string[] {
  const block = new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----`, 'g');
  const found = pem.toString().match(block);
  if (found === null) throw new Error(`${piece} has no ${label} in it`);
  return found;
}

function attempt(piece: string, act: () => unknown): void {
  try {
    act();
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(`${piece} cannot be used: ${message}`, { cause });
  }
}
