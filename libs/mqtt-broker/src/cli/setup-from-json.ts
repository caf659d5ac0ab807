// The configuration in our own form: few keys, and none that is not known.

import { defaultLimits, type Limits } from '../limits.js';
import type { ListenerOptions } from '../listener-options.js';
import { ListenerAuthenticator, type ListenerRules } from './access/listener-authenticator.js';
import { Realm } from './access/realm.js';
import { RealmAuthenticator } from './access/realm-authenticator.js';
import type { Arguments } from './arguments.js';
import { FileProblem, wordsOf } from './file-problem.js';
import { PasswordVerifier } from './password-file/verify-password.js';
import { consoleLog, type Setup } from './setup.js';

type Json = Record<string, unknown>;

/** Throws FileProblem, naming the key. */
export function setupFromJson(path: string, content: string, args: Arguments): Setup {
  const json = new Reader(path, '', parse(path, content));
  json.allow('listeners', 'allowAnonymous', 'passwordFile', 'aclFile', 'limits');
  const listeners = json.objects('listeners').map((one, index) => listenerOf(one, index));
  if (listeners.length === 0) throw json.problem('listeners', 'must name at least one listener');
  const passwordFile = json.string('passwordFile');
  const aclFile = json.string('aclFile');
  const realm = new Realm({
    passwordFile: passwordFile === undefined ? undefined : { path: passwordFile, place: undefined },
    aclFile: aclFile === undefined ? undefined : { path: aclFile, place: undefined },
  });
  const allowAnonymous = json.boolean('allowAnonymous') ?? false;
  if (!allowAnonymous && passwordFile === undefined) {
    throw json.problem('passwordFile', 'is needed unless allowAnonymous is true');
  }
  const authenticator = new RealmAuthenticator({
    realm,
    verifier: new PasswordVerifier(),
    allowAnonymous,
  });
  const rules: ListenerRules = { authenticator, realm, identity: undefined };
  return {
    options: {
      listeners,
      authenticator: new ListenerAuthenticator(new Map(listeners.map(({ name }) => [name, rules]))),
      limits: limitsOf(json.object('limits')),
    },
    log: consoleLog(args),
    connectionMessages: true,
    notes: [],
    reload: () => {
      const loaded = realm.load();
      return () => realm.take(loaded).map((user) => realm.principalId(user));
    },
  };
}

function parse(path: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new FileProblem(undefined, `${path}: ${wordsOf(error)}`);
  }
}

function listenerOf(json: Reader, index: number): ListenerOptions & { name: string } {
  json.allow('transport', 'port', 'host', 'path');
  const name = `listener ${index + 1}`;
  const transport = json.string('transport');
  const path = json.string('path');
  if (transport === 'unix') {
    if (path === undefined) throw json.problem('path', 'is needed');
    return { name, transport, path };
  }
  if (transport !== 'tcp' && transport !== 'websocket') {
    throw json.problem('transport', 'must be "tcp", "websocket" or "unix"');
  }
  const port = json.number('port');
  if (port === undefined || port > 65_535) throw json.problem('port', 'must be 0 to 65535');
  const host = json.string('host');
  const where = { name, port, ...(host === undefined ? {} : { host }) };
  if (transport === 'websocket') {
    return { ...where, transport, ...(path === undefined ? {} : { path }) };
  }
  if (path !== undefined) throw json.problem('path', 'has no meaning for "tcp"');
  return { ...where, transport };
}

function limitsOf(json: Reader | undefined): Partial<Limits> {
  if (json === undefined) return {};
  const names = Object.keys(defaultLimits) as (keyof Limits)[];
  json.allow(...names);
  const limits: Partial<Limits> = {};
  for (const name of names) {
    const value = json.number(name);
    if (value !== undefined) limits[name] = value;
  }
  return limits;
}

/** One object of the file, read key by key. */
class Reader {
  readonly #file: string;
  readonly #path: string;
  readonly #json: Json;

  constructor(file: string, path: string, json: unknown) {
    this.#file = file;
    this.#path = path;
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      throw new FileProblem(undefined, `${file}: ${path === '' ? 'it' : path} must be an object`);
    }
    this.#json = json as Json;
  }

  allow(...names: string[]): void {
    const unknown = Object.keys(this.#json).find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw this.problem(unknown, `unknown; allowed: ${names.join(', ')}`);
    }
  }

  string(name: string): string | undefined {
    const value = this.#get(name);
    if (value === undefined || (typeof value === 'string' && value !== '')) return value;
    throw this.problem(name, 'must be a text');
  }

  boolean(name: string): boolean | undefined {
    const value = this.#get(name);
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.problem(name, 'must be true or false');
  }

  number(name: string): number | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    throw this.problem(name, 'must be a whole number of 0 or more');
  }

  object(name: string): Reader | undefined {
    if (!Object.hasOwn(this.#json, name)) return undefined;
    return new Reader(this.#file, this.#pathOf(name), this.#json[name]);
  }

  objects(name: string): Reader[] {
    const list = this.#get(name) ?? [];
    if (!Array.isArray(list)) throw this.problem(name, 'must be a list');
    return list.map((one, index) => new Reader(this.#file, `${this.#pathOf(name)}[${index}]`, one));
  }

  problem(name: string, what: string): FileProblem {
    return new FileProblem(undefined, `${this.#file}: ${this.#pathOf(name)}: ${what}`);
  }

  #pathOf(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  #get(name: string): unknown {
    return Object.hasOwn(this.#json, name) ? this.#json[name] : undefined;
  }
}
