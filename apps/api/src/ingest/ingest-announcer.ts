// Tells the other slices what was ingested, and the log when the database is away.
import { Inject, Injectable } from '@nestjs/common';
import type { DeviceId } from '@hearth/contracts';
import type { Announcer, NewestReading } from '@hearth/ingest';
import type { Logger } from 'pino';
import { LOGGER } from '../common/logger.js';
import { DiskWatch } from '../database/disk-watch.js';
import { HearthEventBus, type HearthEvents } from '../events/hearth-events.js';

/** Dead letters and discovered topics are told at most this often, milliseconds: a flood of them is one change. */
const CHANGED_EVERY_MS = 500;
/** A failure that lasts is logged at the first attempt and then at every so many: about once a minute. */
const LOG_EVERY_ATTEMPTS = 12;

type Changed = HearthEvents['changed'];

@Injectable()
export class IngestAnnouncer implements Announcer {
  readonly #events: HearthEventBus;
  readonly #disk: DiskWatch;
  readonly #logger: Logger;
  readonly #changed = new Map<string, Changed>();
  #timer: NodeJS.Timeout | undefined;

  constructor(events: HearthEventBus, disk: DiskWatch, @Inject(LOGGER) logger: Logger) {
    this.#events = events;
    this.#disk = disk;
    this.#logger = logger;
  }

  readings(readings: readonly NewestReading[]): void {
    this.#emit('readings', readings);
  }

  status(fact: HearthEvents['device-status']): void {
    this.#emit('device-status', fact);
  }

  info(fact: HearthEvents['device-info']): void {
    this.#emit('device-info', fact);
  }

  state({ deviceId, state, atMs }: Parameters<Announcer['state']>[0]): void {
    if (state.climate === undefined) return;
    this.#emit('device-climate', { deviceId, state: state.climate, atMs });
  }

  response(fact: HearthEvents['device-response']): void {
    this.#emit('device-response', fact);
  }

  spokenFor(fact: HearthEvents['device-spoken-for']): void {
    this.#emit('device-spoken-for', fact);
  }

  deadLetters(deviceIds: readonly (string | undefined)[]): void {
    for (const deviceId of deviceIds) {
      this.#noteChange({ what: 'dead-letters', deviceId: (deviceId ?? null) as DeviceId | null });
    }
  }

  discovered(): void {
    this.#noteChange({ what: 'discovered', deviceId: null });
  }

  storeFailed(what: string, error: unknown, attempt: number): void {
    const isFull = this.#disk.failed(what, error);
    if (attempt % LOG_EVERY_ATTEMPTS !== 1) return;
    const fields = { err: error, what, attempt, ...(isFull && { code: 'disk-full' }) };
    const missing = isFull ? 'room on the disk' : 'the database';
    this.#logger.error(fields, `cannot be stored, waiting for ${missing}`);
  }

  storeRecovered(what: string): void {
    this.#disk.stored(what);
    this.#logger.info({ what }, 'the database is back, what waited is stored');
  }

  /** Tells what is noted at once. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const changes = [...this.#changed.values()];
    this.#changed.clear();
    for (const change of changes) this.#emit('changed', change);
  }

  #noteChange(change: Changed): void {
    this.#changed.set(`${change.what} ${change.deviceId}`, change);
    this.#timer ??= setTimeout(() => this.flush(), CHANGED_EVERY_MS).unref();
  }

  /** A listener that throws must not keep a commit from being acknowledged. */
  #emit<E extends keyof HearthEvents>(event: E, payload: HearthEvents[E]): void {
    try {
      this.#events.emit(event, payload);
    } catch (error) {
      this.#logger.error({ err: error, event }, 'a listener failed');
    }
  }
}
