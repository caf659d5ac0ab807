// What thermostats report, and what people ask of them.
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import {
  COMMAND_TIMEOUT_DEFAULT_SECONDS,
  type ClimateChange,
  type Command,
  type Device,
  type DeviceId,
  type DeviceKind,
  type HomeId,
  type InfoPayload,
} from '@hearth/contracts';
import type { Logger } from 'pino';
import { actorName, type Actor } from '../auth/access.js';
import { CLIMATE_COMMAND } from '../commands/command-life.js';
import { CommandService } from '../commands/command.service.js';
import { NotAThermostat } from '../commands/errors.js';
import { defined } from '../common/defined.js';
import { InvalidInput } from '../common/errors.js';
import { LOGGER } from '../common/logger.js';
import { DeviceNotFound } from '../devices/errors.js';
import { Directory } from '../directory/directory.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { WriteBehind } from '../write-behind/write-behind.js';
import { climateCapabilities, climateFaults } from './climate-change.js';
import { ClimateRepository, type ReportedClimate } from './climate.repository.js';

/** How often reported states are written, milliseconds. A thermostat repeats itself with every reading. */
const SAVE_EVERY_MS = 5_000;
/** Thermostats whose state waits while the database is away. */
const MAX_WAITING_STATES = 20_000;

/** The parts of a device that climate depends on. */
interface ClimateDevice {
  readonly id: DeviceId;
  readonly kind: DeviceKind;
  readonly info: InfoPayload | null | undefined;
}

@Injectable()
export class ClimateService implements OnModuleInit, BeforeApplicationShutdown {
  readonly #repository: ClimateRepository;
  readonly #commands: CommandService;
  readonly #directory: Directory;
  readonly #events: HearthEventBus;
  readonly #reported = new Map<DeviceId, ReportedClimate>();
  readonly #unsaved = new Set<DeviceId>();
  readonly #writes: WriteBehind<DeviceId, ReportedClimate>;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    repository: ClimateRepository,
    commands: CommandService,
    directory: Directory,
    events: HearthEventBus,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#repository = repository;
    this.#commands = commands;
    this.#directory = directory;
    this.#events = events;
    this.#writes = new WriteBehind({
      write: (batch) => repository.saveReported(batch),
      maxWaiting: MAX_WAITING_STATES,
      onError: (error) => logger.warn({ err: error }, 'reported states wait for the database'),
    });
  }

  async onModuleInit(): Promise<void> {
    for (const [id, reported] of await this.#repository.listReported()) {
      this.#reported.set(id, reported);
    }
    this.#events.on('device-climate', ({ deviceId, state, atMs }) => {
      this.#reported.set(deviceId, { state, atMs });
      this.#unsaved.add(deviceId);
    });
    this.#events.on('credentials-revoked', ({ principalId, reason }) => {
      if (reason === 'deleted') this.#forget(principalId as DeviceId);
    });
    this.#timer = setInterval(() => this.#save(), SAVE_EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    this.#save();
    await this.#writes.stop();
  }

  /** Null for what is no thermostat. */
  forDevice(device: ClimateDevice): Device['climate'] {
    const capabilities = climateCapabilities(device);
    if (!capabilities) return null;
    const reported = this.#reported.get(device.id);
    return {
      capabilities,
      state: reported?.state ?? null,
      reportedAt: reported ? new Date(reported.atMs).toISOString() : null,
    };
  }

  /** Sends the change as a command. Throws `DeviceNotFound`, `NotAThermostat` or `InvalidInput`. */
  change(homeId: HomeId, id: DeviceId, change: ClimateChange, actor: Actor): Promise<Command> {
    const device = this.#directory.findDevice(id);
    if (device?.homeId !== homeId) throw new DeviceNotFound();
    const capabilities = climateCapabilities(device);
    if (!capabilities) throw new NotAThermostat();
    const faults = climateFaults(change, capabilities, this.#reported.get(id)?.state);
    if (faults.length > 0) throw new InvalidInput(faults);
    return this.#commands.create({
      deviceId: id,
      name: CLIMATE_COMMAND,
      args: { ...defined(change) },
      timeoutMs: COMMAND_TIMEOUT_DEFAULT_SECONDS * 1_000,
      requestedBy: actorName(actor),
    });
  }

  #forget(id: DeviceId): void {
    this.#reported.delete(id);
    this.#unsaved.delete(id);
  }

  #save(): void {
    for (const id of this.#unsaved) {
      const reported = this.#reported.get(id);
      if (reported) this.#writes.put(id, reported);
    }
    this.#unsaved.clear();
  }
}
