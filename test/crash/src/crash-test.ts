// kill -9 under load, again and again: no acknowledged message is lost for a persistent subscriber, no QoS 2 message
// arrives twice, retained values are the newest acknowledged.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { KeepingClient } from './keeping-client.js';
import { Ledger } from './ledger.js';

/** How a broker is started that keeps its state in a folder. */
export interface BrokerCommand {
  /** Node's arguments. */
  readonly args: readonly string[];
  /** Where it listens; undefined when its first line says so. */
  readonly port?: number;
}

export interface CrashOptions {
  readonly rounds: number;
  /** Drives when the broker is killed and which subscriber is away. */
  readonly seed: number;
  readonly broker: (folder: string) => Promise<BrokerCommand> | BrokerCommand;
  readonly onRound?: (round: number, ledger: Ledger) => void;
}

const WINDOW = 50;
const SETTLE_MS = 30_000;

/** Runs all rounds and answers the ledger, in which everything is settled. Rejects when it does not settle. */
export async function crashTest({
  rounds,
  seed,
  broker: argumentsFor,
  onRound,
}: CrashOptions): Promise<Ledger> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-crash-'));
  const ledger = new Ledger();
  const random = randomFrom(seed);
  const world = makeWorld(ledger);
  try {
    const start = async (): Promise<BrokerProcess> => startBroker(await argumentsFor(folder));
    let broker = await start();
    await Promise.all(world.all.map((client) => client.attach(broker.port)));
    for (const publisher of world.publishers) publisher.start();
    for (let round = 1; round <= rounds; round++) {
      const away = world.subscribers[Math.floor(random() * world.subscribers.length * 2)];
      away?.client.detach();
      await pause(50 + random() * 350);
      broker.child.kill('SIGKILL');
      await broker.gone;
      broker = await start();
      // It must be up, or it would be killed in its cradle.
      await Promise.race(world.all.map((client) => client.attach(broker.port)));
      onRound?.(round, ledger);
    }
    for (const publisher of world.publishers) publisher.stop();
    await Promise.all(world.all.map((client) => client.whenReady()));
    await settled(world, ledger);
    await readRetained(broker.port, ledger);
    for (const client of world.all) client.detach();
    broker.child.kill('SIGTERM');
    await broker.gone;
    ledger.lostSessions = world.all.reduce((sum, one) => sum + one.lostSessions, 0);
    return ledger;
  } finally {
    for (const client of world.all) client.detach();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Publisher {
  readonly client: KeepingClient;
  start(): void;
  stop(): void;
}

interface World {
  readonly publishers: readonly Publisher[];
  readonly subscribers: readonly { readonly client: KeepingClient }[];
  readonly all: readonly KeepingClient[];
}

/** Four publishers (QoS 1 and 2, 3.1.1 and 5), two subscribers to all of it at each QoS, two sharing one subscription. */
function makeWorld(ledger: Ledger): World {
  const publishers: Publisher[] = [];
  for (const version of [4, 5] as const) {
    for (const qos of [1, 2] as const) publishers.push(makePublisher(ledger, version, qos));
  }
  const subscribers = [];
  for (const version of [4, 5] as const) {
    for (const qos of [1, 2] as const) {
      const name = `subscriber-v${version}-q${qos}`;
      const receipts = ledger.subscriber(name, qos);
      const client = new KeepingClient({
        clientId: name,
        version,
        filter: 'crash/#',
        qos,
        onMessage: (topic, payload) => receipts.received(topic, payload),
      });
      subscribers.push({ client });
    }
  }
  const all = [...publishers, ...subscribers].map(({ client }) => client);
  return { publishers, subscribers, all };
}

function makePublisher(ledger: Ledger, version: 4 | 5, qos: 1 | 2): Publisher {
  const clientId = `publisher-v${version}-q${qos}`;
  const client = new KeepingClient({ clientId, version });
  const stream = ledger.stream(clientId, qos);
  let isRunning = false;
  let sequence = 0;
  const next = (): void => {
    if (!isRunning) return;
    const number = ++sequence;
    const done = (): void => void setImmediate(next);
    client.publish(
      `crash/${clientId}`,
      String(number),
      { qos, retain: number % 10 === 0 },
      () => stream.acknowledged(number, number % 10 === 0),
      done,
    );
  };
  return {
    client,
    start: () => {
      isRunning = true;
      for (let i = 0; i < WINDOW; i++) next();
    },
    stop: () => {
      isRunning = false;
    },
  };
}

async function settled({ publishers }: World, ledger: Ledger): Promise<void> {
  const deadline = Date.now() + SETTLE_MS;
  while (publishers.some(({ client }) => client.outstanding > 0) || ledger.missing() > 0) {
    if (Date.now() > deadline) return;
    await pause(20);
  }
  // What comes twice may still be on its way.
  await pause(300);
}

/** Reads the retained values as a stranger. */
async function readRetained(port: number, ledger: Ledger): Promise<void> {
  const reader = new KeepingClient({
    clientId: 'reader',
    version: 4,
    filter: 'crash/#',
    qos: 1,
    onMessage: (topic, payload) => ledger.sawRetained(topic, payload),
  });
  await reader.attach(port);
  await pause(300);
  reader.detach();
}

interface BrokerProcess {
  readonly child: ChildProcess;
  readonly port: number;
  readonly gone: Promise<unknown>;
}

async function startBroker({ args, port }: BrokerCommand): Promise<BrokerProcess> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  // Clients knock until it listens.
  if (port !== undefined) return { child, port, gone };
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), gone]);
  if (child.exitCode !== null) throw new Error('the broker did not come back');
  return { child, port: Number(first[0]), gone };
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/** mulberry32: small, and the same everywhere. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
