// From a mosquitto.conf to a broker's options, by Mosquitto's defaults.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsOptions } from '../listener-options.js';
import type { BrokerOptions } from '../options.js';
import { LogStorage } from '../storage/log/log-storage.js';
import type { Arguments } from './arguments.js';
import { ListenerAuthenticator, type ListenerRules } from './access/listener-authenticator.js';
import { type NamedFile, Realm, type RealmContent } from './access/realm.js';
import { RealmAuthenticator } from './access/realm-authenticator.js';
import { FileProblem, type Place } from './file-problem.js';
import { allLogTypes, type LogOptions, type LogType } from './log/log.js';
import { knownConversions } from './log/strftime.js';
import { limitsOf } from './mosquitto-conf/limits-of.js';
import { listenersOf, type ListenersOfSection } from './mosquitto-conf/listeners-of.js';
import {
  type ListenerSection,
  type MosquittoConf,
  parseMosquittoConf,
} from './mosquitto-conf/parse.js';
import { tlsOf } from './mosquitto-conf/tls-of.js';
import { PasswordVerifier } from './password-file/verify-password.js';
import { LOCAL_ONLY, loopbackAddresses, type Setup } from './setup.js';

const DEFAULT_PORT = 1883;

/** Rejects with FileProblem, naming file, line and directive. */
export async function setupFromMosquittoConf(path: string, args: Arguments): Promise<Setup> {
  const conf = parseMosquittoConf(path, {
    read: (file) => readFileSync(file, 'utf8'),
    list: (folder) => readdirSync(folder),
  });
  const notes = [...conf.notes];
  if (conf.localOnly) notes.push(LOCAL_ONLY);
  else if (args.port !== undefined) notes.push('-p has no effect: the configuration has listeners');
  const blocks = await listenersOfAll(conf, args);
  const realms = new Realms(conf);
  const { values } = conf.global;
  return {
    options: {
      listeners: blocks.flatMap((block) => block.listeners),
      authenticator: authenticatorOf(conf, blocks, realms),
      limits: limitsOf(values),
      ...(values.sys_interval === undefined ? {} : { sysIntervalSeconds: values.sys_interval }),
      ...storageOf(conf),
    },
    log: logOf(conf, args),
    connectionMessages: values.connection_messages ?? true,
    pidFile: values.pid_file,
    notes,
    reload: () => {
      const takeRealms = realms.reload();
      const tls = tlsOfAll(blocks);
      return (broker) => {
        broker.reloadTls(tls);
        return takeRealms();
      };
    },
  };
}

/** Where sessions and retained messages are kept. Mosquitto does not make the folder either. */
function storageOf({ global: { values, places } }: MosquittoConf): Pick<BrokerOptions, 'storage'> {
  if (values.persistence !== true) return {};
  const { persistence_location: folder = '.', persistence_file: name = 'mosquitto.db' } = values;
  if (!existsSync(folder)) {
    const place = places.get('persistence_location');
    throw new FileProblem(place, `persistence_location: there is no folder ${folder}`);
  }
  const sign = join(folder, name);
  return { storage: new LogStorage(`${sign}.hearth`, { sign }) };
}

/** The listeners of all blocks, or without any the one that serves this machine. */
async function listenersOfAll(conf: MosquittoConf, args: Arguments): Promise<ListenersOfSection[]> {
  const local = conf.localOnly ? loopbackAddresses() : undefined;
  const [only = emptyListener(conf)] = conf.listeners;
  if (local === undefined) {
    return Promise.all(conf.listeners.map((one) => listenersOf(conf, one, one.port, undefined)));
  }
  const ports = args.port ?? [DEFAULT_PORT];
  return Promise.all(
    ports.map((port) => listenersOf(conf, only, port, local.slice(0, port === 0 ? 1 : 2))),
  );
}

/** Keys, certificates and revocation lists as they are now, by the names of their listeners. */
function tlsOfAll(blocks: readonly ListenersOfSection[]): Record<string, TlsOptions> {
  const found = blocks.flatMap(({ section, listeners }) => {
    const tls = tlsOf(section);
    return tls === undefined ? [] : listeners.map(({ name }) => [name, tls] as const);
  });
  return Object.fromEntries(found);
}

function emptyListener(conf: MosquittoConf): ListenerSection {
  return {
    place: { file: '', line: 0 },
    port: DEFAULT_PORT,
    host: undefined,
    socketPath: undefined,
    values: {},
    places: new Map(),
    security: conf.security,
  };
}

/** The security section that holds for a listener. */
function securityOf(conf: MosquittoConf, listener: ListenerSection): MosquittoConf['security'] {
  return conf.perListenerSettings ? listener.security : conf.security;
}

/** The realms of a configuration, one for each section that names users and rights. */
class Realms {
  readonly #realms = new Map<object, Realm>();
  readonly #perListener: boolean;

  constructor(conf: MosquittoConf) {
    this.#perListener = conf.perListenerSettings;
    const sections = conf.perListenerSettings
      ? conf.listeners.map((one) => one.security)
      : [conf.security];
    for (const section of sections) this.#realms.set(section, this.#make(section));
  }

  of(section: MosquittoConf['security']): Realm {
    const realm = this.#realms.get(section) ?? this.#make(section);
    this.#realms.set(section, realm);
    return realm;
  }

  #make({ values, places }: MosquittoConf['security']): Realm {
    const passwordFile = named(values.password_file, places.get('password_file'));
    return new Realm({
      passwordFile,
      aclFile: named(values.acl_file, places.get('acl_file')),
      ...(this.#perListener && passwordFile !== undefined
        ? { scope: `${passwordFile.path}:` }
        : {}),
    });
  }

  /** Reads all before it takes any. Throws FileProblem. */
  reload(): () => string[] {
    const loaded: [Realm, RealmContent][] = [];
    for (const realm of this.#realms.values()) loaded.push([realm, realm.load()]);
    return () =>
      loaded.flatMap(([realm, content]) =>
        realm.take(content).map((user) => realm.principalId(user)),
      );
  }
}

function named(path: string | undefined, place: Place | undefined): NamedFile | undefined {
  return path === undefined ? undefined : { path, place };
}

function authenticatorOf(
  conf: MosquittoConf,
  blocks: readonly ListenersOfSection[],
  realms: Realms,
): ListenerAuthenticator {
  const verifier = new PasswordVerifier();
  const rules = new Map<string, ListenerRules>();
  for (const { section, listeners } of blocks) {
    const { values } = section;
    const security = securityOf(conf, section);
    const allowAnonymous =
      values.listener_allow_anonymous ?? security.values.allow_anonymous ?? conf.localOnly;
    const realm = realms.of(security);
    const authenticator = new RealmAuthenticator({ realm, verifier, allowAnonymous });
    const identity =
      values.use_identity_as_username === true
        ? 'common-name'
        : values.use_subject_as_username === true
          ? 'subject'
          : undefined;
    for (const { name } of listeners) rules.set(name, { authenticator, realm, identity });
  }
  return new ListenerAuthenticator(rules);
}

function logOf({ global }: MosquittoConf, { verbose, quiet }: Arguments): LogOptions {
  const { values, places } = global;
  const format = values.log_timestamp_format;
  for (const [, letter = ''] of format?.matchAll(/%(.?)/g) ?? []) {
    if (knownConversions.has(letter)) continue;
    const allowed = `allowed: ${Array.from(knownConversions, (one) => `%${one}`).join(' ')}`;
    const place = places.get('log_timestamp_format');
    throw new FileProblem(place, `log_timestamp_format: no %${letter}; ${allowed}`);
  }
  const files = (values.log_dest ?? []).filter((one) => one.to === 'file');
  if (files.length > 1) {
    throw new FileProblem(places.get('log_dest'), 'log_dest: only one file can be written');
  }
  const stamped = values.log_timestamp !== false;
  return {
    destinations: afterNone(values.log_dest ?? [{ to: 'stderr' }], (one) => one.to === 'none'),
    types: new Set(quiet === true ? [] : verbose === true ? allLogTypes : typesOf(values.log_type)),
    timestamp: !stamped ? 'none' : format === undefined ? 'epoch' : { format },
  };
}

/** As in Mosquitto, `none` takes back what stands above it. */
function afterNone<T>(all: readonly T[], isNone: (one: T) => boolean): T[] {
  return all.slice(all.findLastIndex(isNone) + 1);
}

function typesOf(
  given: readonly string[] = ['error', 'warning', 'notice', 'information'],
): LogType[] {
  const wanted = afterNone(given, (one) => one === 'none');
  return allLogTypes.filter((type) => wanted.includes('all') || wanted.includes(type));
}
