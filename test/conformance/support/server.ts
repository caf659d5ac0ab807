// A broker for one test: started with what matters to it, gone with it. After each test it is checked
// that no client was left with a packet unread or an end that nobody expected, and that the broker
// reported no bug of its own.

import { jest } from '@jest/globals';
import { closeRawClients, connectRaw, openRaw, within } from '@hearth/testkit';
import type { ConnectedClient, ConnectOptions, OpenOptions, RawClient } from '@hearth/testkit';
import {
  allowAll,
  createBroker,
  type Accept,
  type Authenticator,
  type Broker,
  type BrokerEvents,
  type BrokerOptions,
  type Clock,
  type EnhancedAuthenticator,
  type Limits,
  type ListenerOptions,
  type ListenerSettings,
  type Storage,
} from '@hearth/mqtt-broker';
import { authenticatorFor, type Grants } from './grants.js';
import { isForeign, startForeign } from './foreign-broker.js';

jest.setTimeout(30_000);

export interface ServerOptions {
  /** Who may enter and what they may do. Default: everybody, everything. */
  grants?: Grants;
  /** 'default' leaves it to the broker. */
  authenticator?: Authenticator | 'default';
  enhancedAuthenticators?: EnhancedAuthenticator[];
  accept?: Accept;
  limits?: Partial<Limits>;
  clock?: Clock;
  /** Of all listeners. */
  settings?: ListenerSettings;
  /** More TCP listeners, each with its settings. */
  others?: ListenerSettings[];
  receiveMaximumExceeded?: 'disconnect' | 'tolerate';
  storage?: Storage;
  /** Default 0: no $SYS topics. */
  sysIntervalSeconds?: number;
  websocketPath?: string;
  /** Beside the one for TCP. */
  listeners?: ListenerOptions[];
  deniedPublish3?: 'acknowledge' | 'disconnect';
  refusedPublish3?: 'acknowledge' | 'disconnect';
  /** Bugs that the broker reports are collected in `bugs` and do not fail the test. */
  tolerateBugs?: boolean;
}

/** A server under test. */
export interface TestServer {
  readonly port: number;
  /** Of the WebSocket listener, which is there when `websocketPath` was given. */
  readonly websocketPort: number;
  /** Of the `others`, in their order. */
  readonly otherPorts: readonly number[];
  /** Our broker; a foreign one has none. */
  readonly broker: Broker;
  /** What the broker reported as a bug, its own or of the embedding program. */
  readonly bugs: readonly unknown[];
  /** What the broker announced of one event so far. */
  heard<E extends keyof BrokerEvents>(event: E): BrokerEvents[E][];
  /** The next event of this name. Ask before causing it. */
  next<E extends keyof BrokerEvents>(event: E): Promise<BrokerEvents[E]>;
  /** A client whose CONNECT was accepted; it gets a client identifier of its own unless given. */
  connect(options?: ConnectOptions): Promise<ConnectedClient>;
  /** The same through one of the `others`. */
  connectTo(port: number, options?: ConnectOptions): Promise<ConnectedClient>;
  /** A TCP connection on which nothing was sent. */
  open(options?: OpenOptions): Promise<RawClient>;
}

/** The versions that most behaviour is the same for. */
export const versions = [
  { name: '3.1', version: 3 },
  { name: '3.1.1', version: 4 },
  { name: '5.0', version: 5 },
] as const;

const disposals: (() => Promise<void>)[] = [];
const untoleratedBugs: unknown[] = [];
let clients = 0;

afterEach(async () => {
  const complaints = closeRawClients();
  await Promise.all(disposals.splice(0).map((dispose) => dispose()));
  expect(complaints).toEqual([]);
  expect(untoleratedBugs.splice(0)).toEqual([]);
});

/** Has something undone after the test, also when it fails. */
export function afterwards(dispose: () => Promise<void>): void {
  disposals.push(dispose);
}

export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  return isForeign ? startForeignServer(options) : startOurServer(options);
}

async function startOurServer(options: ServerOptions): Promise<TestServer> {
  const {
    grants,
    websocketPath,
    authenticator,
    listeners = [],
    tolerateBugs = false,
    others = [],
    ...rest
  } = options;
  const bugs: unknown[] = tolerateBugs ? [] : untoleratedBugs;
  const brokerOptions: BrokerOptions = {
    sysIntervalSeconds: 0,
    ...rest,
    ...(authenticator === 'default'
      ? {}
      : { authenticator: authenticator ?? (grants ? authenticatorFor(grants) : allowAll()) }),
    listeners: [
      { transport: 'tcp', port: 0, host: '127.0.0.1' },
      ...others.map(
        (settings) => ({ transport: 'tcp', port: 0, host: '127.0.0.1', settings }) as const,
      ),
      ...(websocketPath === undefined
        ? []
        : [{ transport: 'websocket', port: 0, host: '127.0.0.1', path: websocketPath } as const]),
      ...listeners,
    ],
    onError: (error) => void bugs.push(error),
  };
  const broker = createBroker(brokerOptions);
  const heard = record(broker);
  await broker.start();
  afterwards(() => within(10_000, 'the broker stops', broker.stop()));
  const portOf = (wanted: string): number =>
    broker.addresses.find(({ transport }) => transport === wanted)?.port ?? 0;
  return {
    ...clientsOf(portOf('tcp')),
    websocketPort: portOf('websocket'),
    otherPorts: others.map((_, index) => broker.addresses[index + 1]?.port ?? 0),
    broker,
    bugs,
    heard: (event) => heard[event],
    next: (event) =>
      within(
        8000,
        `the event ${event}`,
        new Promise((resolve) => {
          const stop = broker.on(event, (payload) => {
            stop();
            resolve(payload);
          });
        }),
      ),
  };
}

async function startForeignServer(options: ServerOptions): Promise<TestServer> {
  const foreign = await startForeign();
  afterwards(() => foreign.stop());
  const asked = Object.keys(options);
  if (asked.length > 0) throw new Error(`a foreign broker has no ${asked.join(', ')}`);
  const ours = (): never => {
    throw new Error('a foreign broker has no events');
  };
  return {
    ...clientsOf(foreign.port),
    websocketPort: 0,
    otherPorts: [],
    get broker() {
      return ours();
    },
    bugs: [],
    heard: ours,
    next: ours,
  };
}

function clientsOf(port: number): Pick<TestServer, 'port' | 'connect' | 'connectTo' | 'open'> {
  const connectTo: TestServer['connectTo'] = (to, options = {}) =>
    connectRaw(to, { clientId: `client-${++clients}`, ...options });
  return {
    port,
    connect: (options) => connectTo(port, options),
    connectTo,
    open: (options = {}) => openRaw(port, options),
  };
}

type Heard = { [E in keyof BrokerEvents]: BrokerEvents[E][] };

function record(broker: Broker): Heard {
  const heard: Heard = {
    connected: [],
    disconnected: [],
    reauthenticated: [],
    refused: [],
    denied: [],
    dropped: [],
    subscribed: [],
    unsubscribed: [],
    restored: [],
    settled: [],
    will: [],
  };
  for (const event of Object.keys(heard) as (keyof BrokerEvents)[]) {
    broker.on(event, (payload) => void (heard[event] as unknown[]).push(payload));
  }
  return heard;
}
