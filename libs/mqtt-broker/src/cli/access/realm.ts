// Who may come in and what they may do, as a password file and an ACL file say: read at the start, read
// again on demand.

import { readFileSync } from 'node:fs';
import { type Acl, parseAclFile } from '../acl-file/acl-file.js';
import { FileProblem, type Place, wordsOf } from '../file-problem.js';
import {
  parsePasswordFile,
  type PasswordHash,
  type Users,
} from '../password-file/password-file.js';

/** A file named in a configuration, and where it was named. */
export interface NamedFile {
  path: string;
  /** Undefined when it was not a file that named it. */
  place: Place | undefined;
}

export interface RealmOptions {
  passwordFile?: NamedFile | undefined;
  aclFile?: NamedFile | undefined;
  /** Goes before names in principal identifiers, so that two files' users of one name stay two. */
  scope?: string;
}

/** What the files of a realm say, both of them. */
export interface RealmContent {
  users: Users | undefined;
  acl: Acl | undefined;
}

/** Users and rights that belong together. */
export class Realm {
  readonly #options: RealmOptions;
  #content: RealmContent;

  /** Throws FileProblem when a file cannot be read or is broken. */
  constructor(options: RealmOptions) {
    this.#options = options;
    this.#content = this.load();
  }

  /** Undefined when there is no password file: then nobody's password is asked for. */
  get users(): Users | undefined {
    return this.#content.users;
  }

  /** Undefined when there is no ACL file: then everybody may do everything. Another object after a reload. */
  get acl(): Acl | undefined {
    return this.#content.acl;
  }

  /** Reads the files without taking what they say. Throws FileProblem. */
  load(): RealmContent {
    const { passwordFile, aclFile } = this.#options;
    return {
      users: parsed(passwordFile, 'password_file', parsePasswordFile),
      acl: parsed(aclFile, 'acl_file', parseAclFile),
    };
  }

  /** Takes what was loaded. Answers the users who are gone or have another password now. */
  take(content: RealmContent): string[] {
    const before = this.#content.users ?? new Map<string, PasswordHash>();
    this.#content = content;
    return Array.from(before)
      .filter(([name, hash]) => !isSame(hash, content.users?.get(name)))
      .map(([name]) => name);
  }

  /** The identifier of the principal of a user whose password was right. */
  principalId(user: string): string {
    return `user:${this.#options.scope ?? ''}${user}`;
  }

  /** The user whose principal has this identifier, if the password file still has them. */
  userOf(principalId: string): string | undefined {
    const prefix = this.principalId('');
    const user = principalId.slice(prefix.length);
    return principalId.startsWith(prefix) && this.users?.has(user) === true ? user : undefined;
  }
}

function parsed<T>(
  file: NamedFile | undefined,
  name: string,
  parse: (path: string, content: string) => T,
): T | undefined {
  if (file === undefined) return undefined;
  return parse(file.path, readNamed(file, name));
}

/** A file's text. Throws FileProblem that names where the file was named. */
export function readNamed({ path, place }: NamedFile, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new FileProblem(place, `${name}: ${wordsOf(error)}`);
  }
}

function isSame(a: PasswordHash, b: PasswordHash | undefined): boolean {
  return (
    b !== undefined &&
    a.kind === b.kind &&
    a.iterations === b.iterations &&
    a.salt.equals(b.salt) &&
    a.hash.equals(b.hash)
  );
}
