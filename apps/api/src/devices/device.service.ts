// The registry: which devices there are, what they are called, and which secret lets them in.
import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type {
  deviceChangeSchema,
  deviceCreateSchema,
  DeviceId,
  DeviceKind,
  HomeId,
} from '@hearth/contracts';
import type { z } from 'zod';
import { auditOf, type AuditEntry } from '../audit/audit-entry.js';
import type { Actor } from '../auth/access.js';
import { CLOCK, type Clock } from '../common/clock.js';
import { defined } from '../common/defined.js';
import { hashSecret, newSecret } from '../common/secret-hash.js';
import { Turns } from '../common/turns.js';
import { Directory } from '../directory/directory.js';
import { DeviceNotFound } from '../directory/errors.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { RoomService } from '../homes/room.service.js';
import { deviceIdFrom, nameFrom } from './device-id.js';
import { DeviceRepository, type DeviceRow, type NewDevice } from './device.repository.js';
import { TooManyDevices, UnknownRoom } from './errors.js';
import { toRegistered } from './registered-device.js';

export const MAX_DEVICES_PER_HOME = 10_000;

/** A device and the secret that nobody can read again. */
export interface DeviceSecret {
  readonly device: DeviceRow;
  readonly secret: string;
}

@Injectable()
export class DeviceService implements OnModuleInit {
  readonly #devices: DeviceRepository;
  readonly #rooms: RoomService;
  readonly #directory: Directory;
  readonly #events: HearthEventBus;
  readonly #clock: Clock;
  readonly #turns: Turns;

  constructor(
    devices: DeviceRepository,
    rooms: RoomService,
    directory: Directory,
    events: HearthEventBus,
    @Inject(CLOCK) clock: Clock,
    turns: Turns,
  ) {
    this.#devices = devices;
    this.#rooms = rooms;
    this.#directory = directory;
    this.#events = events;
    this.#clock = clock;
    this.#turns = turns;
  }

  async onModuleInit(): Promise<void> {
    for (const device of await this.#devices.listAll()) {
      this.#directory.putDevice(toRegistered(device));
    }
  }

  list(homeId: HomeId): Promise<DeviceRow[]> {
    return this.#devices.list(homeId);
  }

  /** Throws `DeviceNotFound`, also for a device of another home. */
  async get(homeId: HomeId, id: DeviceId): Promise<DeviceRow> {
    const device = await this.#devices.find(homeId, id);
    if (!device) throw new DeviceNotFound();
    return device;
  }

  /** Throws `UsernameTaken`, `UnknownRoom` or `TooManyDevices`. */
  async register(
    homeId: HomeId,
    wanted: z.output<typeof deviceCreateSchema>,
    actor: Actor,
  ): Promise<DeviceSecret> {
    const count = await this.#devices.count(homeId);
    if (count >= MAX_DEVICES_PER_HOME) throw new TooManyDevices(MAX_DEVICES_PER_HOME);
    await this.#checkRoom(homeId, wanted.roomId);
    const secret = newSecret();
    const { name, kind, roomId = null } = wanted;
    const id = wanted.id ?? this.#freeId(name);
    const secretHash = await hashSecret(secret);
    const device: NewDevice = { id, homeId, roomId, name, kind, simulated: false, secretHash };
    await this.#create(device, auditOf(actor, 'device.registered', id, { name, kind }));
    return { device: await this.get(homeId, id), secret };
  }

  /** Registers a device that a mapping makes. Nobody ever sees its secret. Throws `UsernameTaken`. */
  async make(homeId: HomeId, id: DeviceId, kind: DeviceKind): Promise<void> {
    const name = nameFrom(id);
    const secretHash = await hashSecret(newSecret());
    await this.#create(
      { id, homeId, roomId: null, name, kind, simulated: false, secretHash },
      { homeId, actor: 'mapping', action: 'device.made', subject: id, detail: { name, kind } },
    );
  }

  async #create(device: NewDevice, audit: AuditEntry): Promise<void> {
    await this.#turns.run(device.id, async () => {
      await this.#devices.create([device], this.#clock.now(), audit);
      this.#directory.putDevice(toRegistered(device));
    });
    this.#announce(device.id);
  }

  /** Throws `DeviceNotFound` or `UnknownRoom`. */
  async change(
    homeId: HomeId,
    id: DeviceId,
    wanted: z.output<typeof deviceChangeSchema>,
    actor: Actor,
  ): Promise<DeviceRow> {
    await this.get(homeId, id);
    await this.#checkRoom(homeId, wanted.roomId);
    const change = defined(wanted);
    const device = await this.#turns.run(id, async () => {
      const audit = auditOf(actor, 'device.changed', id, { ...change });
      const changed = await this.#devices.change(id, change, audit);
      this.#directory.putDevice(toRegistered(changed));
      return changed;
    });
    this.#announce(id);
    return device;
  }

  /** The old secret and every connection made with it end now. */
  async rotate(homeId: HomeId, id: DeviceId, actor: Actor): Promise<DeviceSecret> {
    const secret = newSecret();
    const secretHash = await hashSecret(secret);
    const device = await this.#turns.run(id, async () => {
      const found = await this.get(homeId, id);
      const audit = auditOf(actor, 'device.secret-rotated', id);
      await this.#devices.rotate([{ id, secretHash }], this.#clock.now(), audit);
      this.#directory.putDevice(toRegistered({ ...found, secretHash }));
      return found;
    });
    this.#events.emit('credentials-revoked', { principalId: id, reason: 'rotated' });
    return { device, secret };
  }

  /** Its series go at once, its readings in the background (`ForgottenReadings`). */
  async remove(homeId: HomeId, id: DeviceId, actor: Actor): Promise<void> {
    await this.#turns.run(id, async () => {
      const { name } = await this.get(homeId, id);
      const audit = auditOf(actor, 'device.removed', id, { name });
      await this.#devices.remove(id, this.#clock.now(), audit);
      this.#directory.removeDevice(id);
    });
    this.#events.emit('credentials-revoked', { principalId: id, reason: 'deleted' });
    this.#announce(id);
  }

  async #checkRoom(
    homeId: HomeId,
    roomId: z.output<typeof deviceChangeSchema>['roomId'],
  ): Promise<void> {
    if (roomId && !(await this.#rooms.has(homeId, roomId))) throw new UnknownRoom();
  }

  #freeId(name: string): DeviceId {
    let id = deviceIdFrom(name, randomBytes(2).toString('hex'));
    while (this.#directory.findByUsername(id)) {
      id = deviceIdFrom(name, randomBytes(4).toString('hex'));
    }
    return id;
  }

  #announce(deviceId: DeviceId): void {
    this.#events.emit('changed', { what: 'devices', deviceId });
  }
}
