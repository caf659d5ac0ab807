// What a start needs, wherever it comes from: arguments, a mosquitto.conf or JSON.

import { networkInterfaces } from 'node:os';
import type { Authenticator } from '../auth/authenticator.js';
import { allowAll } from '../auth/allow-all.js';
import type { Broker } from '../broker.js';
import type { ListenerOptions } from '../listener-options.js';
import type { BrokerOptions } from '../options.js';
import { Realm } from './access/realm.js';
import { RealmAuthenticator } from './access/realm-authenticator.js';
import type { Arguments } from './arguments.js';
import { limitsOf } from './mosquitto-conf/limits-of.js';
import { mosquittoSettings } from './mosquitto-conf/settings-of.js';
import { PasswordVerifier } from './password-file/verify-password.js';
import { allLogTypes, type LogOptions, type LogType } from './log/log.js';

/** Ready to run. */
export interface Setup {
  options: BrokerOptions;
  log: LogOptions;
  /** Whether the log tells of connections. */
  connectionMessages: boolean;
  pidFile?: string | undefined;
  /** To be said once, at the start. */
  notes: string[];
  /** Reads again what may change while the broker runs, all of it before any takes effect. */
  reload?: Reload;
}

/** Reads all files again; throws when one is broken. Answers what puts them into force. */
type Reload = () => Takeover;

/** Puts into force what was read, all or nothing. Answers the principals that lost what they had. */
type Takeover = (broker: Broker) => readonly string[];

/** The flags ask for something that is not there, or not safe. */
export class BadArguments extends Error {
  override readonly name = 'BadArguments';
}

const DEFAULT_PORT = 1883;
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/** Without a configuration file: open to everybody when asked to be, else for this machine only. */
export function setupFromArguments(args: Arguments): Setup {
  const { host, allowAnonymous = false } = args;
  if (!allowAnonymous && host !== undefined && !LOOPBACK.includes(host)) {
    throw new BadArguments(
      `who may come in on ${host}? Say --allow-anonymous, or name users in a file with -c`,
    );
  }
  const hosts = host !== undefined ? [host] : allowAnonymous ? [undefined] : loopbackAddresses();
  const notes = allowAnonymous ? [] : [LOCAL_ONLY];
  return {
    options: {
      listeners: listenersOf(args, hosts),
      authenticator: allowAnonymous ? allowAll() : everybody(),
      // Who expects Mosquitto here expects its limits, too.
      ...(allowAnonymous ? {} : { limits: limitsOf({}), settings: mosquittoSettings }),
    },
    log: consoleLog(args),
    connectionMessages: true,
    notes,
  };
}

/** Mosquitto's rules where there are no users and no rights. */
function everybody(): Authenticator {
  const verifier = new PasswordVerifier();
  return new RealmAuthenticator({ realm: new Realm({}), verifier, allowAnonymous: true });
}

/** What Mosquitto says, too, in more words. */
export const LOCAL_ONLY =
  'local only mode: only clients on this machine can connect; -c or --allow-anonymous opens it to others';

/** The loopback addresses that this machine has. */
export function loopbackAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  return ['127.0.0.1', '::1'].filter((address) => all.some((one) => one.address === address));
}

/** One listener per port and address. A free port is taken once, on the first address. */
function listenersOf(
  { port = [DEFAULT_PORT], websocketPort }: Arguments,
  hosts: readonly (string | undefined)[],
): ListenerOptions[] {
  const wanted: { transport: 'tcp' | 'websocket'; port: number }[] = port.map((one) => ({
    transport: 'tcp',
    port: one,
  }));
  if (websocketPort !== undefined) wanted.push({ transport: 'websocket', port: websocketPort });
  return wanted.flatMap((one) =>
    hosts
      .slice(0, one.port === 0 ? 1 : hosts.length)
      .map((host) => ({ ...one, ...(host === undefined ? {} : { host }) })),
  );
}

/** Lines on stdout, with the time in UTC. */
export function consoleLog({ verbose, quiet }: Arguments): LogOptions {
  const usual: LogType[] = ['error', 'warning'];
  return {
    destinations: [{ to: 'stdout' }],
    types: new Set(quiet === true ? [] : verbose === true ? allLogTypes : usual),
    timestamp: 'iso',
  };
}
