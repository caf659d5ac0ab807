// The client's two messages of RFC 5802 section 7, as text. What is not in the grammar is a ScramError.

/** The client cannot be authenticated; `message` is a server-error-value of RFC 5802. */
export class ScramError extends Error {
  override readonly name = 'ScramError';
}

export interface ClientFirst {
  gs2Header: string;
  /** What follows the GS2 header; a part of what is signed. */
  bare: string;
  /** Decoded, not yet prepared. */
  username: string;
  authorizeAs: string | undefined;
  nonce: string;
}

export interface ClientFinal {
  channelBinding: Buffer;
  nonce: string;
  proof: Buffer;
  withoutProof: string;
}

// No honest message is near it. A nonce is repeated to the client and signed.
const MAX_MESSAGE_BYTES = 2048;
const MAX_NONCE_CHARACTERS = 512;
const NONCE = /^[\x21-\x2b\x2d-\x7e]+$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function parseClientFirst(data: Uint8Array): ClientFirst {
  const text = decode(data);
  const match = /^([^,]*),([^,]*),(.*)$/su.exec(text);
  if (match === null) throw new ScramError('invalid-encoding');
  const [, flag = '', authorization = '', bare = ''] = match;
  if (flag.startsWith('p=')) throw new ScramError('channel-binding-not-supported');
  // 'y': the client could bind, and believes rightly that we do not offer it.
  if (flag !== 'n' && flag !== 'y') throw new ScramError('invalid-encoding');
  const [user = '', nonce = ''] = bare.split(',', 2);
  // Extensions that must be understood come first; we understand none.
  if (user.startsWith('m=')) throw new ScramError('extensions-not-supported');
  return {
    gs2Header: `${flag},${authorization},`,
    bare,
    username: nameOf(attribute(user, 'n')),
    authorizeAs: authorization === '' ? undefined : nameOf(attribute(authorization, 'a')),
    nonce: checkNonce(attribute(nonce, 'r')),
  };
}

export function parseClientFinal(data: Uint8Array): ClientFinal {
  const text = decode(data);
  const proofAt = text.lastIndexOf(',p=');
  if (proofAt < 0) throw new ScramError('invalid-encoding');
  const withoutProof = text.slice(0, proofAt);
  const [binding = '', nonce = ''] = withoutProof.split(',', 2);
  return {
    channelBinding: base64(attribute(binding, 'c')),
    nonce: checkNonce(attribute(nonce, 'r')),
    proof: base64(text.slice(proofAt + ',p='.length)),
    withoutProof,
  };
}

function decode(data: Uint8Array): string {
  if (data.length > MAX_MESSAGE_BYTES) throw new ScramError('invalid-encoding');
  try {
    return utf8.decode(data);
  } catch {
    throw new ScramError('invalid-encoding');
  }
}

function attribute(text: string, name: string): string {
  if (!text.startsWith(`${name}=`)) throw new ScramError('invalid-encoding');
  return text.slice(2);
}

function checkNonce(nonce: string): string {
  if (nonce.length > MAX_NONCE_CHARACTERS || !NONCE.test(nonce))
    throw new ScramError('invalid-encoding');
  return nonce;
}

/** A saslname: "=2C" is a comma, "=3D" an equals sign, and no other "=" may be there. */
function nameOf(text: string): string {
  if (text === '' || /=(?!2C|3D)/u.test(text)) throw new ScramError('invalid-username-encoding');
  return text.replaceAll('=2C', ',').replaceAll('=3D', '=');
}

function base64(text: string): Buffer {
  if (!BASE64.test(text)) throw new ScramError('invalid-encoding');
  return Buffer.from(text, 'base64');
}
