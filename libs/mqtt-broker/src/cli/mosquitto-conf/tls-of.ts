// The TLS part of a listener in mosquitto.conf, its files read.

import { readdirSync, readFileSync } from 'node:fs';
import { DEFAULT_CIPHERS } from 'node:tls';
import type { TlsOptions } from '../../listener-options.js';
import { readNamed } from '../access/realm.js';
import { FileProblem, wordsOf } from '../file-problem.js';
import type { ListenerSection } from './parse.js';

const needCertificate = [
  ...(['cafile', 'capath', 'crlfile', 'require_certificate'] as const),
  ...(['use_identity_as_username', 'use_subject_as_username'] as const),
];

/** Undefined for a listener without TLS. Throws FileProblem: a directive of TLS never goes without TLS. */
export function tlsOf(listener: ListenerSection): TlsOptions | undefined {
  const { values } = listener;
  const cert = text(listener, 'certfile');
  const key = text(listener, 'keyfile');
  if (cert === undefined || key === undefined) {
    if (cert !== undefined) throw problem(listener, 'certfile', 'needs a keyfile beside it');
    if (key !== undefined) throw problem(listener, 'keyfile', 'needs a certfile beside it');
    const lost = needCertificate.find(
      (name) => values[name] !== undefined && values[name] !== false,
    );
    if (lost !== undefined) throw problem(listener, lost, 'needs certfile and keyfile beside it');
    return undefined;
  }
  const isRequired = values.require_certificate === true;
  const ca = authorities(listener);
  const crl = text(listener, 'crlfile');
  if (isRequired && ca.length === 0) {
    throw problem(listener, 'require_certificate', 'needs cafile or capath, to know whom to trust');
  }
  const ciphers = ciphersOf(values.ciphers, values['ciphers_tls1.3']);
  return {
    cert,
    key,
    requestCertificate: isRequired ? 'required' : 'none',
    // Also where no client certificate is asked for: ours is sent with the authorities found here.
    ...(ca.length > 0 ? { ca } : {}),
    ...(isRequired && crl !== undefined ? { crl, crlScope: 'leaf' } : {}),
    ...(isRequired && values.disable_client_cert_date_checks === true
      ? { ignoreCertificateDates: true }
      : {}),
    ...(ciphers === undefined ? {} : { ciphers }),
    minVersion: values.tls_version === 'tlsv1.3' ? 'TLSv1.3' : 'TLSv1.2',
  };
}

function authorities(listener: ListenerSection): string[] {
  const file = text(listener, 'cafile');
  const found = file === undefined ? [] : [file];
  const folder = listener.values.capath;
  if (folder === undefined) return found;
  try {
    for (const name of readdirSync(folder).sort()) {
      // What `openssl rehash` takes, and what it makes.
      if (!/\.(pem|crt|cer)$|^[\da-f]{8}\.\d+$/.test(name)) continue;
      const pem = readFileSync(`${folder}/${name}`, 'utf8');
      if (pem.includes('-----BEGIN') && !found.includes(pem)) found.push(pem);
    }
  } catch (error) {
    throw problem(listener, 'capath', wordsOf(error));
  }
  if (found.length === 0) throw problem(listener, 'capath', `no certificate in ${folder}`);
  return found;
}

/** Mosquitto keeps two lists; each replaces the defaults of its versions only. */
function ciphersOf(until12: string | undefined, from13: string | undefined): string | undefined {
  if (until12 === undefined && from13 === undefined) return undefined;
  const defaults = DEFAULT_CIPHERS.split(':');
  const is13 = (name: string): boolean => name.startsWith('TLS_');
  return [
    from13 ?? defaults.filter(is13).join(':'),
    until12 ?? defaults.filter((name) => !is13(name)).join(':'),
  ].join(':');
}

function text(
  listener: ListenerSection,
  name: 'cafile' | 'certfile' | 'keyfile' | 'crlfile',
): string | undefined {
  const path = listener.values[name];
  return path === undefined
    ? undefined
    : readNamed({ path, place: listener.places.get(name) }, name);
}

function problem(listener: ListenerSection, name: string, what: string): FileProblem {
  return new FileProblem(listener.places.get(name) ?? listener.place, `${name}: ${what}`);
}
