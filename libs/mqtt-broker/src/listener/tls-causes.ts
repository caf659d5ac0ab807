// OpenSSL's and Node's codes in words, for whoever wonders why a client is turned away.

export const NO_CERTIFICATE = 'the client has no certificate';
const UNKNOWN_AUTHORITY = 'the client certificate is of an unknown authority';
const OURS_DISTRUSTED = 'the client does not trust the certificate of this listener';

const failures: Readonly<Record<string, string>> = {
  ECONNRESET: 'connection closed during the TLS handshake',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no TLS on a TLS port',
  ERR_SSL_HTTP_REQUEST: 'no TLS on a TLS port: plain HTTP',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'no common TLS version',
  ERR_SSL_NO_SHARED_CIPHER: 'no common TLS cipher',
  ERR_SSL_NO_APPLICATION_PROTOCOL: 'no common ALPN protocol',
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: NO_CERTIFICATE,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: OURS_DISTRUSTED,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: OURS_DISTRUSTED,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: OURS_DISTRUSTED,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: OURS_DISTRUSTED,
};

const distrusts: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the client certificate has expired',
  CERT_NOT_YET_VALID: 'the client certificate is not valid yet',
  CERT_REVOKED: 'the client certificate is revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  // Signed by another one of the same name.
  CERT_SIGNATURE_FAILURE: UNKNOWN_AUTHORITY,
  INVALID_PURPOSE: 'the client certificate is not one for clients',
  UNABLE_TO_GET_CRL: 'there is no revocation list for an authority of the client certificate',
  CRL_HAS_EXPIRED: 'the revocation list has expired',
  CRL_NOT_YET_VALID: 'the revocation list is not valid yet',
};

/** Whether a certificate's or an authority's time is what is wrong, and perhaps not alone. */
export function isOfDates(code: string): boolean {
  return code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID';
}

/** Why a handshake failed. */
export function failureInWords(error: NodeJS.ErrnoException & { reason?: string }): string {
  const code = error.code ?? '';
  return failures[code] ?? `TLS handshake failed: ${error.reason ?? code}`;
}

/** Why a client certificate is not trusted. */
export function distrustInWords(code: string): string {
  return distrusts[code] ?? `the client certificate is not trusted: ${code}`;
}
