// Revocation of client certificates by the list of their own authority only, as Mosquitto has it. OpenSSL could do it, but
// Node has it ask for the lists of all authorities above, too.

import { X509Certificate } from 'node:crypto';
import { bodyOf } from './certificate-body.js';
import { RevocationList } from './revocation-list.js';
import { distrustInWords } from './tls-causes.js';

interface Authority {
  readonly certificate: X509Certificate;
  readonly lists: readonly RevocationList[];
}

export class LeafRevocation {
  readonly #authorities: readonly Authority[];

  /** Both in PEM form, one each. */
  constructor(ca: readonly string[], crl: readonly string[]) {
    const lists = crl.map((pem) => new RevocationList(pem));
    this.#authorities = ca.map((pem) => {
      const certificate = new X509Certificate(pem);
      const { bytes, subject } = bodyOf(certificate);
      const name = bytes.subarray(subject?.from, subject?.end);
      const own = lists.filter(
        (list) => list.issuer.equals(name) && list.isSignedBy(certificate.publicKey),
      );
      return { certificate, lists: own };
    });
  }

  /** What is wrong with a certificate that is trusted otherwise; undefined when nothing is. */
  objection(leaf: X509Certificate, atMs: number): string | undefined {
    const code = this.#codeOf(leaf, atMs);
    return code === undefined ? undefined : distrustInWords(code);
  }

  #codeOf(leaf: X509Certificate, atMs: number): string | undefined {
    const above = this.#authorities.filter(
      ({ certificate }) => leaf.checkIssued(certificate) && leaf.verify(certificate.publicKey),
    );
    const lists = above.flatMap((one) => one.lists).filter((one) => !one.isPartial);
    if (lists.length === 0) return 'UNABLE_TO_GET_CRL';
    const { serialNumber } = bodyOf(leaf);
    // Also by one that is not current.
    if (lists.some((one) => one.has(serialNumber))) return 'CERT_REVOKED';
    return lists.some((one) => one.isCurrent(atMs)) ? undefined : 'CRL_HAS_EXPIRED';
  }
}
