// Mosquitto's password file: `user:$6$salt$hash` (SHA-512) and `user:$7$iterations$salt$hash` (PBKDF2).

import { FileProblem, linesOf, type Place } from '../file-problem.js';

/** How a password is stored. */
export interface PasswordHash {
  readonly kind: 'sha512' | 'pbkdf2-sha512';
  readonly salt: Buffer;
  readonly hash: Buffer;
  /** Of PBKDF2; 1 otherwise. */
  readonly iterations: number;
}

export type Users = ReadonlyMap<string, PasswordHash>;

const HASH_BYTES = 64;
// Ten seconds of one core; a mistyped number more would let nobody in.
const MAX_ITERATIONS = 10_000_000;
const ADVICE = 'mosquitto_passwd writes such a file, -U converts one of plain passwords';

/** Takes a password file apart. Throws FileProblem at the first line that is no user. */
export function parsePasswordFile(file: string, content: string): Users {
  const users = new Map<string, PasswordHash>();
  for (const { place, line } of linesOf(file, content)) {
    if (line.startsWith('#') || line.trim() === '') continue;
    const [name, ...fields] = line.split(':');
    const user = name?.trim() ?? '';
    const [hash] = fields;
    if (hash === undefined) throw new FileProblem(place, `no ":" between user and hash; ${ADVICE}`);
    if (user === '') throw new FileProblem(place, 'names no user');
    if (/[\0\uFFFD]/.test(user)) throw new FileProblem(place, 'the user is not UTF-8 text');
    if (fields.length > 1) throw new FileProblem(place, 'more than one ":"');
    // Mosquitto 2.1 refuses it too; taking the first or the last would be a guess.
    if (users.has(user))
      throw new FileProblem(place, `user ${JSON.stringify(user)} is there twice`);
    users.set(user, parseHash(place, hash.trim()));
  }
  return users;
}

function parseHash(place: Place, text: string): PasswordHash {
  const [before, kind, ...fields] = text.split('$');
  if (before !== '' || kind === undefined) {
    throw new FileProblem(place, `the password is not hashed; ${ADVICE}`);
  }
  if (kind === '6' && fields.length === 2) {
    const [salt = '', hash = ''] = fields;
    return { kind: 'sha512', iterations: 1, ...decode(place, salt, hash) };
  }
  if (kind === '7' && fields.length === 3) {
    const [count = '', salt = '', hash = ''] = fields;
    const iterations = /^[1-9]\d*$/.test(count) ? Number(count) : 0;
    if (iterations < 1 || iterations > MAX_ITERATIONS) {
      throw new FileProblem(place, `iterations must be 1 to ${MAX_ITERATIONS}`);
    }
    return { kind: 'pbkdf2-sha512', iterations, ...decode(place, salt, hash) };
  }
  if (kind.startsWith('argon2')) {
    const instead = 'make it with mosquitto_passwd -H sha512-pbkdf2';
    throw new FileProblem(place, `${kind} hashes are not supported; ${instead}`);
  }
  throw new FileProblem(place, 'the hash is neither $6$salt$hash nor $7$iterations$salt$hash');
}

function decode(place: Place, salt: string, hash: string): { salt: Buffer; hash: Buffer } {
  const saltBytes = fromBase64(salt);
  const hashBytes = fromBase64(hash);
  if (saltBytes === undefined || saltBytes.length === 0) {
    throw new FileProblem(place, 'the salt is not base64');
  }
  if (hashBytes?.length !== HASH_BYTES) {
    throw new FileProblem(place, `the hash is not ${HASH_BYTES} bytes in base64`);
  }
  return { salt: saltBytes, hash: hashBytes };
}

/** Buffer.from forgives everything that is no base64. */
function fromBase64(text: string): Buffer | undefined {
  return /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(text)
    ? Buffer.from(text, 'base64')
    : undefined;
}
