/** A client's X.509 certificate that was proved: of a trusted authority, in its time, not revoked. */
export interface ClientCertificate {
  /** The first CN of the subject; absent when it has none. */
  commonName?: string;
  /** In RFC 2253 form, as `openssl x509 -subject -nameopt RFC2253` prints it: `CN=a,OU=b,O=c`. */
  subject: string;
  /** In the same form. */
  issuer: string;
  /** Upper-case hexadecimal. */
  serialNumber: string;
  /** SHA-256 of the whole certificate, as upper-case hexadecimal pairs with colons. */
  fingerprint256: string;
  validTo: Date;
}
