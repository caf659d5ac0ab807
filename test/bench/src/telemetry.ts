// Readings acknowledged after their commit: the whole api on its own embedded Postgres, loaded by raw MQTT clients.
import { BenchApi, countRows, withPostgres, type Credentials } from './bench-api.js';
import { measureBareInserts } from './bare-inserts.js';
import { pause, quantile, ratePerSecond, settled } from './figures.js';
import { LoadClient } from './load-client.js';
import { messageOf, type Shape } from './telemetry-message.js';

const WARM_UP_MS = 2_000;

export interface TelemetryLoad {
  readonly devices: number;
  /** Messages of a device that are not acknowledged yet. */
  readonly window: number;
  readonly shape: Shape;
}

export interface TelemetryResult {
  readonly readingsPerSecond: number;
  readonly acknowledged: number;
  readonly storedRows: number;
  /** Rows a second that the same Postgres took right after, by inserts alone. */
  readonly bareRowsPerSecond: number;
}

/** As fast as it goes; then counts the rows, and measures bare inserts of the same rows beside it. */
export async function measureTelemetry(
  { devices, window, shape }: TelemetryLoad,
  seconds: number,
): Promise<TelemetryResult> {
  return withPostgres(async (postgres, dataDir) => {
    const api = await BenchApi.start(dataDir, postgres.url);
    const { readings } = messageOf('bench', shape);
    let readingsPerSecond: number;
    let acknowledged: number;
    try {
      const clients = await connect(api, await api.registerDevices(devices));
      for (const { client, id } of clients) publish(client, id, shape, window);
      const finished = (): number => clients.reduce((sum, { client }) => sum + client.finished, 0);
      const rate = await ratePerSecond(finished, seconds, api.pid);
      readingsPerSecond = rate.value * readings;
      for (const { client } of clients) client.stop();
      await settled(finished, 10_000);
      acknowledged = finished() * readings;
      for (const { client } of clients) client.close();
    } finally {
      await api.stop();
    }
    const storedRows = await countRows(postgres.url);
    const bareRowsPerSecond = await measureBareInserts(postgres.url, devices, seconds);
    return { readingsPerSecond, acknowledged, storedRows, bareRowsPerSecond };
  });
}

export interface SteadyResult {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the messages that were sent, what was acknowledged. */
  readonly delivered: number;
}

/** Time from the write of a message to its acknowledgement, at a steady rate that `devices` share. */
export async function measureSteady(
  { devices, perSecond }: { devices: number; perSecond: number },
  seconds: number,
): Promise<SteadyResult> {
  return withPostgres(async (postgres, dataDir) => {
    const api = await BenchApi.start(dataDir, postgres.url);
    try {
      const steady = new SteadyLoad(await connect(api, await api.registerDevices(devices)));
      await steady.publish(perSecond, WARM_UP_MS);
      steady.forget();
      await steady.publish(perSecond, seconds * 1_000);
      await settled(() => steady.acknowledged);
      steady.close();
      return steady.result();
    } finally {
      await api.stop();
    }
  });
}

interface Device {
  readonly id: string;
  readonly client: LoadClient;
}

/** A client for each device. */
export async function connect(api: BenchApi, logins: readonly Credentials[]): Promise<Device[]> {
  const devices: Device[] = [];
  for (const { id, secret } of logins) {
    const login = { username: id, password: secret };
    const client = await LoadClient.open({ port: api.mqttPort, clientId: id, login });
    devices.push({ id, client });
  }
  return devices;
}

/** Keeps the window of a device full. Every message has a time of its own, a millisecond after the one before. */
export function publish(client: LoadClient, deviceId: string, shape: Shape, window: number): void {
  const { topic, payload, stamp } = messageOf(deviceId, shape);
  let ts = Date.now();
  client.publishForever({ topic, payload, qos: 1 }, window, (frame) => stamp(frame, (ts += 1)));
}

/** Devices that take turns, and when each of their messages was written and acknowledged. */
export class SteadyLoad {
  readonly #senders: { send: () => void; client: LoadClient }[];
  #latenciesMs: number[] = [];
  #sent = 0;
  #turn = 0;

  constructor(devices: readonly Device[]) {
    this.#senders = devices.map(({ id, client }) => {
      const { topic, payload, stamp } = messageOf(id, 'one metric');
      // Acknowledgements come in the order of the messages.
      const sentAt: number[] = [];
      client.onAcknowledged = () => {
        this.#latenciesMs.push(performance.now() - (sentAt.shift() ?? Number.NaN));
      };
      client.prepareToSend({ topic, payload, qos: 1 }, (frame) => stamp(frame, Date.now()));
      const send = (): void => {
        sentAt.push(performance.now());
        client.send(1);
      };
      return { client, send };
    });
  }

  get acknowledged(): number {
    return this.#latenciesMs.length;
  }

  forget(): void {
    this.#latenciesMs = [];
    this.#sent = 0;
  }

  /** What is due is sent every millisecond; what a late timer missed, at once. */
  async publish(perSecond: number, durationMs: number): Promise<void> {
    const startedAt = performance.now();
    let sent = 0;
    for (;;) {
      const elapsedMs = performance.now() - startedAt;
      if (elapsedMs >= durationMs) return;
      for (; sent < (elapsedMs * perSecond) / 1_000; sent += 1) {
        this.#senders[this.#turn++ % this.#senders.length]?.send();
        this.#sent += 1;
      }
      await pause(1);
    }
  }

  result(): SteadyResult {
    const sorted = Float64Array.from(this.#latenciesMs).sort();
    return {
      p50Ms: quantile(sorted, 0.5),
      p99Ms: quantile(sorted, 0.99),
      delivered: Math.min(1, sorted.length / this.#sent),
    };
  }

  close(): void {
    for (const { client } of this.#senders) client.close();
  }
}
