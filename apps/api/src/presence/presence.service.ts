// Feeds every device's presence with what broker, ingest and clock say, keeps the changes and tells them on.
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { DeviceId, InfoPayload, Presence, PresenceTimeline } from '@hearth/contracts';
import type { BrokerEvents, DisconnectCause, Principal } from '@hearth/mqtt-broker';
import type { Logger } from 'pino';
import { BrokerService } from '../broker/broker.service.js';
import { ownerOf } from '../broker/principals.js';
import { CLOCK, type Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.js';
import { Directory } from '../directory/directory.js';
import { HearthEventBus, type HearthEvents } from '../events/hearth-events.js';
import { WriteBehind } from '../write-behind/write-behind.js';
import { DevicePresence, type ConnectionEnd, type PresenceSince } from './device-presence.js';
import { PresenceRepository, type LastPresence, type PresenceRow } from './presence.repository.js';
import { uptimeShare } from './uptime.js';

/** How often states that depend on time are looked at, milliseconds. */
const TICK_MS = 1_000;
/** How often the last signs of life are written, milliseconds; after a crash they are this old. */
const LAST_SEEN_EVERY_MS = 10_000;
/** Changes that wait while the database is away. */
const MAX_WAITING_CHANGES = 20_000;
/** Devices whose last sign of life waits to be written. */
const MAX_WAITING_LAST_SEEN = 100_000;
/** Most changes of one timeline; of more, the newest. */
const MAX_TIMELINE_CHANGES = 2_000;

const ENDS: Readonly<Record<DisconnectCause, ConnectionEnd>> = {
  'client-disconnect': 'clean-disconnect',
  'client-disconnect-with-will': 'will',
  'socket-closed': 'connection-lost',
  'keep-alive-timeout': 'keep-alive-timeout',
  'protocol-error': 'protocol-error',
  'taken-over': 'taken-over',
  kicked: 'kicked',
  'not-authorized': 'kicked',
  'message-refused': 'kicked',
  'acknowledgement-overdue': 'kicked',
  'slow-consumer': 'kicked',
  'server-stop': 'server-stop',
  'internal-error': 'connection-lost',
};

@Injectable()
export class PresenceService implements OnModuleInit, BeforeApplicationShutdown {
  readonly #directory: Directory;
  readonly #events: HearthEventBus;
  readonly #broker: BrokerService;
  readonly #repository: PresenceRepository;
  readonly #clock: Clock;
  readonly #devices = new Map<string, DevicePresence>();
  readonly #changes: WriteBehind<number, PresenceRow>;
  readonly #lastSeen: WriteBehind<DeviceId, number>;
  readonly #savedLastSeen = new Map<string, number>();
  #nextChange = 0;
  #lastSeenSavedAtMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    directory: Directory,
    events: HearthEventBus,
    broker: BrokerService,
    repository: PresenceRepository,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#directory = directory;
    this.#events = events;
    this.#broker = broker;
    this.#repository = repository;
    this.#clock = clock;
    this.#changes = new WriteBehind({
      write: (batch) => repository.append(batch.map(([, row]) => row)),
      maxWaiting: MAX_WAITING_CHANGES,
      onError: (error) => logger.warn({ err: error }, 'presence changes wait for the database'),
    });
    this.#lastSeen = new WriteBehind({
      write: (batch) => repository.saveLastSeen(batch),
      maxWaiting: MAX_WAITING_LAST_SEEN,
      onError: (error) => logger.warn({ err: error }, 'last signs of life wait for the database'),
    });
  }

  async onModuleInit(): Promise<void> {
    this.#restore(await this.#repository.listLast());
    this.#broker.on('connected', ({ principal }) => {
      const device = this.#deviceOf(principal);
      if (device) this.#tell(device.id, device.presence.receive(this.#at({ type: 'connected' })));
    });
    this.#broker.on('disconnected', (ended) => this.#onDisconnected(ended));
    this.#broker.observeMessages((principal) => this.#onMessage(principal));
    this.#events.on('device-spoken-for', ({ deviceId, atMs }) => {
      const change = this.#devices.get(deviceId)?.hearThroughOthers(atMs);
      if (change) this.#tell(deviceId, change);
    });
    this.#events.on('device-status', (status) => this.#onStatus(status));
    this.#events.on('device-info', ({ deviceId, info }) => this.#onInfo(deviceId, info));
    this.#events.on('changed', ({ what, deviceId }) => {
      if (what === 'devices') this.#onDevicesChanged(deviceId);
    });
    this.#timer = setInterval(() => this.#tick(), TICK_MS).unref();
  }

  /** The broker has stopped by now. Nobody watches any more, and the rows say so. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    const signal = this.#at({ type: 'server-stop' } as const);
    for (const [id, presence] of this.#devices) this.#tell(id, presence.receive(signal));
    this.#saveLastSeen();
    await Promise.all([this.#changes.stop(), this.#lastSeen.stop()]);
  }

  /** Undefined for a device that is not registered. */
  current(deviceId: string): Presence | undefined {
    const presence = this.#devices.get(deviceId);
    return presence && toPresence(presence.current);
  }

  /** Last sign of life, epoch milliseconds. */
  lastSeen(deviceId: string): number | undefined {
    return this.#devices.get(deviceId)?.lastSeenMs;
  }

  isConnected(deviceId: string): boolean {
    return this.#devices.get(deviceId)?.isConnected ?? false;
  }

  /** How many devices are in each state. */
  countStates(): Map<Presence['state'], number> {
    const counts = new Map<Presence['state'], number>();
    for (const { current } of this.#devices.values()) {
      counts.set(current.state, (counts.get(current.state) ?? 0) + 1);
    }
    return counts;
  }

  async timeline(deviceId: DeviceId, fromMs: number, toMs: number): Promise<PresenceTimeline> {
    // What still waits for the database would be missing.
    await this.#changes.flush();
    const changes = await this.#repository.list(deviceId, fromMs, toMs, MAX_TIMELINE_CHANGES);
    return {
      changes: changes.map(({ state, cause, sinceMs }) => ({
        at: new Date(sinceMs).toISOString(),
        state,
        cause,
      })),
      uptime: uptimeShare(
        changes.map(({ state, sinceMs }) => ({ state, atMs: sinceMs })),
        fromMs,
        Math.min(toMs, this.#clock.now()),
      ),
    };
  }

  #restore(devices: readonly LastPresence[]): void {
    const nowMs = this.#clock.now();
    // The server that ran before was alive when it last wrote anything about any device.
    const watchedUntilMs = devices.reduce(
      (latest, { last, lastSeenMs }) => Math.max(latest, last?.sinceMs ?? 0, lastSeenMs ?? 0),
      0,
    );
    for (const { deviceId, createdAtMs, lastSeenMs, info, last } of devices) {
      const presence = last
        ? DevicePresence.restored({
            last,
            lastSeenMs,
            ...declarationOf(info),
            watchedUntilMs,
            nowMs,
          })
        : DevicePresence.registered(createdAtMs);
      this.#devices.set(deviceId, presence);
      if (presence.current !== last && last) this.#tell(deviceId, presence.current);
    }
  }

  #onDisconnected({ principal, cause }: BrokerEvents['disconnected']): void {
    const device = this.#deviceOf(principal);
    if (!device) return;
    const signal = this.#at({ type: 'disconnected', cause: ENDS[cause] } as const);
    this.#tell(device.id, device.presence.receive(signal));
  }

  #onMessage(principal: Principal): void {
    const presence = this.#devices.get(principal.id);
    const change = presence?.hear(this.#clock.now());
    if (change) this.#tell(principal.id, change);
  }

  #onStatus({ deviceId, status, will }: HearthEvents['device-status']): void {
    const signal = this.#at({ type: 'status', status, will } as const);
    this.#tell(deviceId, this.#devices.get(deviceId)?.receive(signal));
  }

  #onInfo(deviceId: DeviceId, info: InfoPayload): void {
    const signal = this.#at({ type: 'declared', ...declarationOf(info) } as const);
    this.#tell(deviceId, this.#devices.get(deviceId)?.receive(signal));
  }

  #onDevicesChanged(deviceId: string | null): void {
    const ids = deviceId === null ? this.#devices.keys() : [deviceId];
    for (const id of ids) {
      if (this.#directory.findDevice(id)) continue;
      this.#devices.delete(id);
      this.#savedLastSeen.delete(id);
    }
    for (const { id } of deviceId === null ? this.#directory.listDevices() : []) this.#add(id);
    if (deviceId !== null && this.#directory.findDevice(deviceId)) this.#add(deviceId);
  }

  #add(deviceId: string): DevicePresence {
    const known = this.#devices.get(deviceId);
    if (known) return known;
    const presence = DevicePresence.registered(this.#clock.now());
    this.#devices.set(deviceId, presence);
    return presence;
  }

  #deviceOf(principal: Principal): { id: DeviceId; presence: DevicePresence } | undefined {
    const owner = ownerOf(principal);
    if (owner?.type !== 'device') return undefined;
    const id = owner.deviceId;
    // The last connection of a removed device ends after its removal.
    if (!this.#devices.has(id) && !this.#directory.findDevice(id)) return undefined;
    return { id, presence: this.#add(id) };
  }

  #tick(): void {
    const signal = this.#at({ type: 'tick' } as const);
    for (const [id, presence] of this.#devices) this.#tell(id, presence.receive(signal));
    if (signal.atMs - this.#lastSeenSavedAtMs >= LAST_SEEN_EVERY_MS) this.#saveLastSeen();
  }

  #saveLastSeen(): void {
    this.#lastSeenSavedAtMs = this.#clock.now();
    for (const [id, { lastSeenMs }] of this.#devices) {
      if (lastSeenMs === undefined || this.#savedLastSeen.get(id) === lastSeenMs) continue;
      this.#savedLastSeen.set(id, lastSeenMs);
      this.#lastSeen.put(id as DeviceId, lastSeenMs);
    }
  }

  #tell(deviceId: string, change: PresenceSince | undefined): void {
    if (!change) return;
    const id = deviceId as DeviceId;
    this.#changes.put(this.#nextChange++, { deviceId: id, ...change });
    this.#events.emit('presence', { deviceId: id, presence: toPresence(change) });
  }

  #at<T extends object>(signal: T): T & { atMs: number } {
    return { ...signal, atMs: this.#clock.now() };
  }
}

function toPresence({ state, cause, sinceMs }: PresenceSince): Presence {
  return { state, cause, since: new Date(sinceMs).toISOString() };
}

function declarationOf(info: InfoPayload | undefined): {
  intervalMs: number | undefined;
  sleeps: boolean;
} {
  return {
    intervalMs: info?.interval === undefined ? undefined : info.interval * 1_000,
    sleeps: info?.sleeps ?? false,
  };
}
