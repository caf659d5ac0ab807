// The client's side of SCRAM-SHA-256 (RFC 5802), from node:crypto alone.

import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** One login. `first` is sent, `final` answers the server's first message and tells what it must say at last. */
export function scramLogin(
  username: string,
  password: string,
): { first: string; final(serverFirst: string): { message: string; verifier: string } } {
  const bare = `n=${username},r=${randomBytes(18).toString('base64')}`;
  return {
    first: `n,,${bare}`,
    final(serverFirst) {
      const {
        r = '',
        s = '',
        i = '',
      } = Object.fromEntries(
        serverFirst.split(',').map((part) => [part.slice(0, 1), part.slice(2)]),
      );
      const salted = pbkdf2Sync(password, Buffer.from(s, 'base64'), Number(i), 32, 'sha256');
      const clientKey = hmac(salted, 'Client Key');
      const withoutProof = `c=biws,r=${r}`;
      const signed = `${bare},${serverFirst},${withoutProof}`;
      const signature = hmac(createHash('sha256').update(clientKey).digest(), signed);
      const proof = Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] ?? 0)));
      const verifier = hmac(hmac(salted, 'Server Key'), signed);
      return {
        message: `${withoutProof},p=${proof.toString('base64')}`,
        verifier: `v=${verifier.toString('base64')}`,
      };
    },
  };
}

function hmac(key: Uint8Array, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
