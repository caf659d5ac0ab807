// Keeps on record where the clocks of devices differ from ours, behind ingestion: it waits for nothing of this.
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { MAX_CLOCK_DIFFERENCE_MS, type DeviceClock, type DeviceId } from '@hearth/contracts';
import { arrivalIn, clockOffset, Ingest, type ClockStretch } from '@hearth/ingest';
import type { Logger } from 'pino';
import { LOGGER } from '../common/logger.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { WriteBehind } from '../write-behind/write-behind.js';
import { DeviceClockRepository } from './device-clock.repository.js';

/** How often ingestion is asked what changed, milliseconds. */
const ASK_EVERY_MS = 5_000;
/** Stretches kept of a device. A board that jumps with every start is wrong once a day, or has other trouble. */
const MAX_STRETCHES_PER_DEVICE = 200;
/** Stretches that wait while the database is away. */
const MAX_WAITING_STRETCHES = 20_000;

@Injectable()
export class DeviceClocks implements OnModuleInit, BeforeApplicationShutdown {
  readonly #ingest: Ingest;
  readonly #events: HearthEventBus;
  readonly #repository: DeviceClockRepository;
  readonly #writes: WriteBehind<string, ClockStretch>;
  /** Of devices whose clock is wrong: what pages were told. */
  readonly #told = new Map<DeviceId, number>();
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(
    ingest: Ingest,
    events: HearthEventBus,
    repository: DeviceClockRepository,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#ingest = ingest;
    this.#events = events;
    this.#repository = repository;
    this.#writes = new WriteBehind({
      write: (batch) =>
        repository.save(
          batch.map(([, stretch]) => stretch),
          MAX_STRETCHES_PER_DEVICE,
        ),
      maxWaiting: MAX_WAITING_STRETCHES,
      onError: (error) => logger.warn({ err: error }, 'clocks of devices wait for the database'),
    });
  }

  onModuleInit(): void {
    this.#timer = setInterval(() => this.#keep(), ASK_EVERY_MS).unref();
    this.#unsubscribe = this.#events.on('credentials-revoked', ({ principalId, reason }) => {
      if (reason !== 'deleted') return;
      this.#ingest.clocks.forget(principalId);
      this.#told.delete(principalId as DeviceId);
    });
  }

  /** The broker has stopped by now. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    this.#unsubscribe?.();
    this.#write(this.#ingest.clocks.takeAll());
    await this.#writes.stop();
  }

  /** How far the clock of a device is ahead, in milliseconds, negative for behind; null while it is right or says nothing. */
  offset(deviceId: string): number | null {
    return rounded(this.#ingest.clocks.offset(deviceId));
  }

  /** With `ts`, a time that the device gave, also when the reading of that time may have arrived. */
  async describe(deviceId: DeviceId, ts: number | undefined): Promise<DeviceClock> {
    this.#keep();
    // What still waits for the database would be missing.
    await this.#writes.flush();
    const kept = await this.#repository.list(deviceId, MAX_STRETCHES_PER_DEVICE);
    const last = this.#ingest.clocks.find(deviceId);
    const stretches = kept.map((one) => (one.fromAtMs === last?.fromAtMs ? last : one));
    return {
      offsetMs: this.offset(deviceId),
      stretches: stretches.map(toView),
      arrivals: ts === undefined ? [] : listArrivals(stretches, ts),
    };
  }

  #keep(): void {
    this.#write(this.#ingest.clocks.takeChanged());
    for (const deviceId of this.#told.keys()) this.#tell(deviceId);
  }

  #write(stretches: readonly ClockStretch[]): void {
    for (const stretch of stretches) {
      this.#writes.put(`${stretch.deviceId} ${stretch.fromAtMs}`, stretch);
      this.#tell(stretch.deviceId);
    }
  }

  /** Pages hear of a clock that is set or jumps, not of one that drifts a little. */
  #tell(deviceId: DeviceId): void {
    const offset = this.#ingest.clocks.offset(deviceId);
    const told = this.#told.get(deviceId);
    if (offset === told) return;
    const isDrift = offset !== undefined && told !== undefined;
    if (isDrift && Math.abs(offset - told) <= MAX_CLOCK_DIFFERENCE_MS) return;
    if (offset === undefined) this.#told.delete(deviceId);
    else this.#told.set(deviceId, offset);
    this.#events.emit('changed', { what: 'devices', deviceId });
  }
}

/** At the time itself, unless the device was off then; and in every stretch that it is of. */
function listArrivals(stretches: readonly ClockStretch[], ts: number): string[] {
  const found = stretches.flatMap((stretch) => arrivalIn(stretch, ts) ?? []);
  return (found.length > 0 ? found : [ts]).map((ms) => new Date(ms).toISOString());
}

function toView(stretch: ClockStretch): DeviceClock['stretches'][number] {
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    from: iso(stretch.fromAtMs),
    to: iso(stretch.toAtMs),
    deviceFrom: iso(stretch.fromTs),
    deviceTo: iso(stretch.toTs),
    messages: stretch.messages,
    offsetMs: rounded(clockOffset(stretch)),
  };
}

const rounded = (ms: number | undefined) => (ms === undefined ? null : Math.round(ms));
