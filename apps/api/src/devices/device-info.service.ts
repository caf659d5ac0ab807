// Remembers what devices say of themselves (`hearth/<d>/info`), in the row and in the directory.
import { isDeepStrictEqual } from 'node:util';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { DeviceId, InfoPayload } from '@hearth/contracts';
import type { Logger } from 'pino';
import { LOGGER } from '../common/logger.js';
import { Turns } from '../common/turns.js';
import { Directory } from '../directory/directory.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { DeviceRepository } from './device.repository.js';

@Injectable()
export class DeviceInfoService implements OnModuleInit, BeforeApplicationShutdown {
  readonly #devices: DeviceRepository;
  readonly #directory: Directory;
  readonly #events: HearthEventBus;
  readonly #turns: Turns;
  readonly #logger: Logger;
  /** Newest info of each device that waits for its write: a device that repeats itself fills no queue. */
  readonly #waiting = new Map<DeviceId, InfoPayload>();
  readonly #writes = new Set<Promise<void>>();
  #unsubscribe: (() => void) | undefined;

  constructor(
    devices: DeviceRepository,
    directory: Directory,
    events: HearthEventBus,
    turns: Turns,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#devices = devices;
    this.#directory = directory;
    this.#events = events;
    this.#turns = turns;
    this.#logger = logger;
  }

  onModuleInit(): void {
    this.#unsubscribe = this.#events.on('device-info', ({ deviceId, info }) =>
      this.#receive(deviceId, info),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#unsubscribe?.();
    await Promise.all(this.#writes);
  }

  #receive(deviceId: DeviceId, info: InfoPayload): void {
    const isWriting = this.#waiting.has(deviceId);
    this.#waiting.set(deviceId, info);
    if (isWriting) return;
    const write = this.#turns
      .run(deviceId, () => this.#write(deviceId))
      .catch((error: unknown) => this.#logger.error({ err: error, deviceId }, 'info not stored'))
      .finally(() => this.#writes.delete(write));
    this.#writes.add(write);
  }

  async #write(deviceId: DeviceId): Promise<void> {
    const info = this.#waiting.get(deviceId);
    this.#waiting.delete(deviceId);
    const device = this.#directory.findDevice(deviceId);
    if (!info || !device || isDeepStrictEqual(device.info, info)) return;
    if (!(await this.#devices.describe(deviceId, info))) return;
    this.#directory.putDevice({ ...device, info });
    this.#events.emit('changed', { what: 'devices', deviceId });
  }
}
