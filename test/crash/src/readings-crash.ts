// Readings under load while api and Postgres are killed, hang and refuse: after recovery every acknowledged reading is in
// its table exactly once, at its own time.
import { pause, randomFrom } from './crash-test.js';
import { KeepingClient } from './keeping-client.js';
import { type DeviceAccount, ReadingsHouse } from './readings-house.js';

/** What can happen to a house, once a round. */
export const BLOWS = ['api', 'postgres', 'backend', 'both', 'hang', 'refuse'] as const;
type Blow = (typeof BLOWS)[number];

export interface ReadingsCrashOptions {
  readonly rounds: number;
  /** Drives what happens, and when. */
  readonly seed: number;
  /** Longest time that Postgres hangs or refuses, milliseconds. */
  readonly longestAwayMs: number;
  /** Publishers; QoS 1 and 2, MQTT 3.1.1 and 5 in turn. */
  readonly publishers?: number;
  readonly onRound?: (round: number, blow: Blow, acknowledged: number) => void;
}

export interface ReadingsCrashReport {
  readonly blows: Readonly<Record<Blow, number>>;
  readonly acknowledged: number;
  /** Rows of the publishers: also what was stored and whose acknowledgement was lost at the very end. */
  readonly stored: number;
  /** Acknowledged and not in the table, as `device sequence`. */
  readonly lost: readonly string[];
  /** In the table more than once. */
  readonly doubled: readonly string[];
  /** In the table at a time or with a value that nobody sent. */
  readonly foreign: readonly string[];
  /** Messages that never got an answer although everything was up again. */
  readonly outstanding: number;
  readonly lostSessions: number;
  /** What should not have happened besides: the api ended by itself. */
  readonly failures: readonly string[];
}

/** Messages of one publisher that wait for an acknowledgement. */
const WINDOW = 10;
/** By then everything must be back by itself, milliseconds: Postgres recovers, the api starts and reads its state. */
const RECOVERY_MS = 60_000;
/** Today's readings are in the table `reading`: pages hold days that are older. */
const FIRST_BEFORE_NOW_MS = 3_600_000;

export async function readingsCrashTest(
  options: ReadingsCrashOptions,
): Promise<ReadingsCrashReport> {
  const { rounds, seed, longestAwayMs, publishers: count = 12, onRound } = options;
  const random = randomFrom(seed);
  const house = await ReadingsHouse.start();
  const blows: Record<Blow, number> = {
    api: 0,
    postgres: 0,
    backend: 0,
    both: 0,
    hang: 0,
    refuse: 0,
  };
  let publishers: Publisher[] = [];
  try {
    const accounts = await house.registerDevices(count);
    publishers = accounts.map((account, index) => new Publisher(account, index));
    await Promise.all(publishers.map((one) => one.start(house.mqttPort)));
    for (let round = 1; round <= rounds; round++) {
      await pause(50 + random() * 400);
      // Each once in a while by itself, for short tests; then by chance.
      const chosen = round <= BLOWS.length ? round - 1 : Math.floor(random() * BLOWS.length);
      const blow = BLOWS[chosen] ?? 'api';
      // Most pauses are short, some as long as they may be.
      await strike(house, blow, random, random() ** 3 * longestAwayMs);
      blows[blow] += 1;
      await progress(publishers);
      onRound?.(round, blow, acknowledged(publishers));
    }
    for (const one of publishers) one.stop();
    await until(() => publishers.every(({ client }) => client.outstanding === 0));
    const outstanding = publishers.reduce((sum, { client }) => sum + client.outstanding, 0);
    const found = await audit(house, publishers);
    return {
      blows,
      acknowledged: acknowledged(publishers),
      ...found,
      outstanding,
      lostSessions: publishers.reduce((sum, { client }) => sum + client.lostSessions, 0),
      failures: house.failures,
    };
  } finally {
    for (const { client } of publishers) client.detach();
    await house.close();
  }
}

async function strike(
  house: ReadingsHouse,
  blow: Blow,
  random: () => number,
  awayMs: number,
): Promise<void> {
  switch (blow) {
    case 'api':
      house.killApi();
      return;
    case 'postgres':
      house.killPostmaster();
      return;
    case 'backend':
      house.killBackend(random);
      return;
    case 'both':
      house.killApi();
      house.killPostmaster();
      return;
    case 'hang': {
      const goOn = house.hang();
      await pause(awayMs);
      goOn();
      return;
    }
    case 'refuse': {
      const letIn = await house.refuse();
      await pause(awayMs);
      await letIn();
    }
  }
}

/** One device. Its reading number n has the value n and a time of its own, so that a table tells which they are. */
class Publisher {
  readonly id: string;
  readonly client: KeepingClient;
  readonly acknowledged = new Set<number>();
  readonly #qos: 1 | 2;
  readonly #firstMs = Date.now() - FIRST_BEFORE_NOW_MS;
  #sequence = 0;
  #isRunning = false;

  constructor({ id, secret }: DeviceAccount, index: number) {
    this.id = id;
    this.#qos = index % 2 === 0 ? 1 : 2;
    const version = index % 4 < 2 ? 4 : 5;
    this.client = new KeepingClient({ clientId: id, version, username: id, password: secret });
  }

  async start(port: number): Promise<void> {
    await this.client.attach(port);
    this.#isRunning = true;
    for (let i = 0; i < WINDOW; i++) this.#next();
  }

  stop(): void {
    this.#isRunning = false;
  }

  get sent(): number {
    return this.#sequence;
  }

  timeOf(number: number): number {
    return this.#firstMs + number;
  }

  #next(): void {
    if (!this.#isRunning) return;
    const number = ++this.#sequence;
    this.client.publish(
      `hearth/${this.id}/telemetry`,
      JSON.stringify({ ts: this.timeOf(number), sequence: number }),
      { qos: this.#qos },
      () => void this.acknowledged.add(number),
      () => void setImmediate(() => this.#next()),
    );
  }
}

function acknowledged(publishers: readonly Publisher[]): number {
  return publishers.reduce((sum, one) => sum + one.acknowledged.size, 0);
}

/** Every publisher gets acknowledgements again, and nobody does anything for it. */
async function progress(publishers: readonly Publisher[]): Promise<void> {
  // Twice the window: more than can have been under way.
  const wanted = publishers.map((one) => one.acknowledged.size + 2 * WINDOW);
  const isDone = (): boolean =>
    publishers.every((one, index) => one.acknowledged.size >= (wanted[index] ?? 0));
  if (!(await until(isDone))) throw new Error('readings are not acknowledged any more');
}

async function until(isTrue: () => boolean): Promise<boolean> {
  const deadline = Date.now() + RECOVERY_MS;
  while (!isTrue()) {
    if (Date.now() > deadline) return false;
    await pause(20);
  }
  return true;
}

async function audit(
  house: ReadingsHouse,
  publishers: readonly Publisher[],
): Promise<Pick<ReadingsCrashReport, 'stored' | 'lost' | 'doubled' | 'foreign'>> {
  const lost: string[] = [];
  const doubled: string[] = [];
  const foreign: string[] = [];
  let stored = 0;
  const database = await house.openDatabase();
  for (const one of publishers) {
    const { rows } = await database.pool.query<{ ms: string; value: number }>(
      `select extract(epoch from ts) * 1000 as ms, value from reading
       join series on series.id = series_id where device_id = $1 and metric = 'sequence'`,
      [one.id],
    );
    stored += rows.length;
    const seen = new Set<number>();
    for (const { ms, value } of rows) {
      const name = `${one.id} ${value}`;
      const isOurs = value >= 1 && value <= one.sent && Number(ms) === one.timeOf(value);
      if (!isOurs) foreign.push(name);
      if (seen.has(value)) doubled.push(name);
      seen.add(value);
    }
    for (const number of one.acknowledged) if (!seen.has(number)) lost.push(`${one.id} ${number}`);
  }
  await database.close();
  return { stored, lost, doubled, foreign };
}
