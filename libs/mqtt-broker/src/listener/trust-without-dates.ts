// Whether nothing but its dates speaks against a certificate. OpenSSL tells one error only, and that of the
// dates hides all others: whoever let "expired" pass would let in a self-signed certificate that has expired.
// So its judgement is repeated here, and what is not understood is not trusted.

import { X509Certificate } from 'node:crypto';
import { bodyOf, type CertificateBody } from './certificate-body.js';
import { elementsOf, unwrap, valueOf } from './der.js';
import { RevocationList } from './revocation-list.js';

const BASIC_CONSTRAINTS = '551d13';
const KEY_USAGE = '551d0f';
const EXTENDED_KEY_USAGE = '551d25';
/** Alternative name, key identifiers and the three above. Others that are critical are not understood. */
const understood = new Set([
  BASIC_CONSTRAINTS,
  KEY_USAGE,
  EXTENDED_KEY_USAGE,
  '551d11',
  '551d23',
  '551d0e',
]);
const NAME_CONSTRAINTS = '551d1e';
const CLIENT_AUTH = '2b06010505070302';
const DIGITAL_SIGNATURE = 0x80;
const KEY_AGREEMENT = 0x08;

interface Authority {
  readonly certificate: X509Certificate;
  readonly body: CertificateBody;
  readonly lists: readonly RevocationList[];
}

export class TrustWithoutDates {
  readonly #authorities: readonly Authority[];
  readonly #isListNeeded: boolean;

  /** Both in PEM form, one each. */
  constructor(ca: readonly string[], crl: readonly string[] | undefined) {
    const lists = (crl ?? []).map((pem) => new RevocationList(pem));
    this.#isListNeeded = crl !== undefined;
    this.#authorities = ca.map((pem) => {
      const certificate = new X509Certificate(pem);
      const body = bodyOf(certificate);
      const name = body.bytes.subarray(body.subject?.from, body.subject?.end);
      const own = lists.filter(
        (list) => list.issuer.equals(name) && list.isSignedBy(certificate.publicKey),
      );
      return { certificate, body, lists: own };
    });
  }

  /** Of a chain whose authorities are all configured, up to a root. */
  trusts(leaf: X509Certificate): boolean {
    try {
      return isForClients(bodyOf(leaf)) && this.#isChained(leaf);
    } catch {
      return false;
    }
  }

  #isChained(leaf: X509Certificate): boolean {
    let below = leaf;
    for (let depth = 0; depth < this.#authorities.length; depth++) {
      const certificate = below;
      const above = this.#authorities.find((one) => isIssuedBy(certificate, one.certificate));
      if (above === undefined || !mayIssue(above.body, depth)) return false;
      if (this.#isListNeeded && !isCleared(certificate, above.lists)) return false;
      if (isIssuedBy(above.certificate, above.certificate)) return true;
      below = above.certificate;
    }
    return false;
  }
}

function isIssuedBy(below: X509Certificate, above: X509Certificate): boolean {
  return above.ca && below.checkIssued(above) && below.verify(above.publicKey);
}

function isCleared(certificate: X509Certificate, lists: readonly RevocationList[]): boolean {
  const { serialNumber } = bodyOf(certificate);
  return lists.length > 0 && lists.every((one) => !one.isPartial && !one.has(serialNumber));
}

/** Whether it may stand above `depth` other authorities. */
function mayIssue(body: CertificateBody, depth: number): boolean {
  if (!isUnderstood(body) || body.extensions.has(NAME_CONSTRAINTS)) return false;
  const constraints = body.extensions.get(BASIC_CONSTRAINTS);
  // A flag, and the longest path where there is one.
  const [, longest] = constraints === undefined ? [] : unwrap(constraints.value);
  if (constraints === undefined || longest === undefined) return true;
  return depth <= Number.parseInt(valueOf(constraints.value, longest), 16);
}

function isForClients(body: CertificateBody): boolean {
  if (!isUnderstood(body)) return false;
  const usage = body.extensions.get(KEY_USAGE);
  const [bits] = usage === undefined ? [] : elementsOf(usage.value);
  // Behind the count of unused bits.
  const first = bits === undefined ? 0 : (usage?.value[bits.start + 1] ?? 0);
  if (usage !== undefined && (first & (DIGITAL_SIGNATURE | KEY_AGREEMENT)) === 0) return false;
  const extended = body.extensions.get(EXTENDED_KEY_USAGE);
  if (extended === undefined) return true;
  return unwrap(extended.value).some((one) => valueOf(extended.value, one) === CLIENT_AUTH);
}

function isUnderstood({ extensions }: CertificateBody): boolean {
  return [...extensions].every(([name, { isCritical }]) => !isCritical || understood.has(name));
}
