// Commands from the request to their end: stored before they are sent, told on at every step.
import { randomUUID } from 'node:crypto';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Command, CommandId, DeviceId } from '@hearth/contracts';
import type { Logger } from 'pino';
import { CLOCK, type Clock } from '../common/clock.js';
import { InvalidInput } from '../common/errors.js';
import { LOGGER } from '../common/logger.js';
import { HearthEventBus, type HearthEvents } from '../events/hearth-events.js';
import { PresenceService } from '../presence/presence.service.js';
import { WriteBehind } from '../write-behind/write-behind.js';
import { CommandCourier } from './command-courier.js';
import { parseCursor, toCursorText } from './command-cursor.js';
import {
  advance,
  isFinal,
  type CommandRecord,
  type CommandSign,
  type Json,
} from './command-life.js';
import { toCommand } from './command.mapper.js';
import { CommandRepository } from './command.repository.js';
import { CommandNotFound, TooManyCommands } from './errors.js';
import { FinalWaiters } from './final-waiters.js';
import { OpenCommands } from './open-commands.js';

/** What somebody asks of a device. The arguments were judged before. */
export interface CommandRequest {
  readonly deviceId: DeviceId;
  readonly name: string;
  readonly args: Record<string, Json>;
  readonly timeoutMs: number;
  readonly requestedBy: string;
}

/** Unfinished commands of one device. A person clicks less; a script in a loop stops here. */
const MAX_OPEN_PER_DEVICE = 50;
/** Longest arguments, bytes of JSON: an ESP32 has to hold them. */
const MAX_ARGUMENT_BYTES = 8 * 1024;
/** How often time-outs are looked at, milliseconds. */
const TICK_MS = 250;
/** Commands whose steps wait while the database is away. */
const MAX_WAITING_STEPS = 20_000;

@Injectable()
export class CommandService implements OnModuleInit, BeforeApplicationShutdown {
  readonly #repository: CommandRepository;
  readonly #courier: CommandCourier;
  readonly #presence: PresenceService;
  readonly #events: HearthEventBus;
  readonly #clock: Clock;
  readonly #open = new OpenCommands();
  readonly #waiters = new FinalWaiters();
  readonly #steps: WriteBehind<CommandId, CommandRecord>;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    repository: CommandRepository,
    courier: CommandCourier,
    presence: PresenceService,
    events: HearthEventBus,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#repository = repository;
    this.#courier = courier;
    this.#presence = presence;
    this.#events = events;
    this.#clock = clock;
    this.#steps = new WriteBehind({
      write: (batch) => repository.save(batch.map(([, command]) => command)),
      maxWaiting: MAX_WAITING_STEPS,
      onError: (error) => logger.warn({ err: error }, 'steps of commands wait for the database'),
    });
  }

  async onModuleInit(): Promise<void> {
    this.#restore(await this.#repository.listUnfinished());
    this.#courier.resume(
      (id, deviceId) => this.#open.find(id)?.deviceId === deviceId,
      (id, sign) => this.#move(id, sign),
    );
    this.#courier.onListening((deviceId, filter) => this.#bringWaiting(deviceId, filter));
    this.#events.on('device-response', (answer) => this.#onResponse(answer));
    this.#events.on('device-climate', ({ deviceId, state }) =>
      this.#tell(this.#open.reflect(deviceId, state, this.#clock.now())),
    );
    this.#events.on('credentials-revoked', ({ principalId, reason }) => {
      if (reason === 'deleted') this.#forgetDevice(principalId as DeviceId);
    });
    this.#watchTime();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    this.#waiters.release();
    await this.#steps.stop();
  }

  /** Stores the command, then sends it. Throws `TooManyCommands` or `InvalidInput`. */
  async create(request: CommandRequest): Promise<Command> {
    const { deviceId, name, args, requestedBy } = request;
    if (Buffer.byteLength(JSON.stringify(args)) > MAX_ARGUMENT_BYTES) {
      const message = `must not be longer than ${MAX_ARGUMENT_BYTES} bytes of JSON`;
      throw new InvalidInput([{ field: 'args', message }]);
    }
    if (this.#open.listOf(deviceId).length >= MAX_OPEN_PER_DEVICE) {
      throw new TooManyCommands(MAX_OPEN_PER_DEVICE);
    }
    const nowMs = this.#clock.now();
    const command: CommandRecord = {
      id: randomUUID() as CommandId,
      deviceId,
      name,
      args,
      status: 'queued',
      reason: null,
      requestedBy,
      createdAtMs: nowMs,
      sentAtMs: null,
      deliveredAtMs: null,
      acceptedAtMs: null,
      finishedAtMs: null,
      expiresAtMs: nowMs + request.timeoutMs,
    };
    await this.#repository.create(command);
    this.#tell(this.#open.add(command, this.#clock.now()));
    this.#watchTime();
    this.#announce(command);
    this.#bring(command);
    return toCommand(this.#open.find(command.id) ?? command);
  }

  /** Throws `CommandNotFound`. */
  async get(id: CommandId): Promise<Command> {
    const open = this.#open.find(id);
    if (open) return toCommand(open);
    await this.#steps.flush();
    const command = await this.#repository.find(id);
    if (!command) throw new CommandNotFound();
    return toCommand(command);
  }

  /** As `get`, but not before the command is finished or `timeoutMs` have passed. */
  async getFinal(id: CommandId, timeoutMs: number): Promise<Command> {
    if (this.#open.find(id)) await this.#waiters.wait(id, timeoutMs);
    return this.get(id);
  }

  /** A page, newest first. Throws `InvalidInput` for a cursor that no page ended with. */
  async list(
    deviceId: DeviceId,
    cursorText: string | undefined,
    limit: number,
  ): Promise<{ items: Command[]; nextCursor: string | null }> {
    const cursor = cursorText === undefined ? undefined : parseCursor(cursorText);
    if (cursorText !== undefined && cursor === undefined) {
      throw new InvalidInput([{ field: 'cursor', message: 'is not the end of a page' }]);
    }
    await this.#steps.flush();
    const commands = await this.#repository.list(deviceId, cursor, limit + 1);
    const page = commands.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map(toCommand),
      nextCursor: last && commands.length > limit ? toCursorText(last) : null,
    };
  }

  #restore(unfinished: readonly CommandRecord[]): void {
    const nowMs = this.#clock.now();
    for (const command of unfinished) {
      if (command.expiresAtMs > nowMs) this.#open.add(command, nowMs);
      else this.#tell([advance(command, { type: 'interrupted' }, nowMs)]);
    }
  }

  #bring(command: CommandRecord): void {
    this.#courier.bring(command, this.#clock.now(), (id, sign) => {
      // Whoever else listens to commands: nothing was sent to a device that is not there.
      if (sign.type === 'sent' && !this.#presence.isConnected(command.deviceId)) return;
      this.#move(id, sign);
    });
  }

  #bringWaiting(deviceId: DeviceId, filter: string | undefined): void {
    for (const command of this.#open.listOf(deviceId)) {
      const isHeard = filter === undefined || this.#courier.isHeardBy(command, filter);
      if (command.status === 'queued' && isHeard) this.#bring(command);
    }
  }

  #onResponse({ deviceId, response }: HearthEvents['device-response']): void {
    // A device answers for its own commands only.
    if (this.#open.find(response.id)?.deviceId !== deviceId) return;
    this.#move(response.id, { type: 'response', response });
  }

  /** Until none is open: a house at rest is not woken four times a second. */
  #watchTime(): void {
    this.#timer ??= setInterval(() => this.#expire(), TICK_MS).unref();
  }

  #expire(): void {
    const isConnected = (deviceId: DeviceId): boolean => this.#presence.isConnected(deviceId);
    this.#tell(this.#open.expire(this.#clock.now(), isConnected));
    if (!this.#open.isEmpty) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #forgetDevice(deviceId: DeviceId): void {
    for (const { id } of this.#open.forgetDevice(deviceId)) {
      this.#courier.forget(id);
      this.#waiters.finish(id);
    }
  }

  #move(id: CommandId, sign: CommandSign): void {
    this.#tell(this.#open.advance(id, sign, this.#clock.now()));
  }

  #tell(moved: readonly CommandRecord[]): void {
    for (const command of moved) {
      this.#steps.put(command.id, command);
      this.#announce(command);
      if (!isFinal(command)) continue;
      this.#courier.forget(command.id);
      this.#waiters.finish(command.id);
    }
  }

  #announce(command: CommandRecord): void {
    this.#events.emit('command', { command: toCommand(command), commandId: command.id });
  }
}
