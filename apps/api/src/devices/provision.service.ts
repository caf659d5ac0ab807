// Devices of a simulator or a replay: registered by the program that is going to be them.
import { Inject, Injectable } from '@nestjs/common';
import type { DeviceId, HomeId, provisionRequestSchema, RoomId } from '@hearth/contracts';
import type { z } from 'zod';
import { auditOf } from '../audit/audit-entry.js';
import type { Actor } from '../auth/access.js';
import { CLOCK, type Clock } from '../common/clock.js';
import { hashSecret, newSecret } from '../common/secret-hash.js';
import { Turns } from '../common/turns.js';
import { Directory } from '../directory/directory.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { RoomService } from '../homes/room.service.js';
import { DeviceRepository, type DeviceRow, type NewDevice } from './device.repository.js';
import { MAX_DEVICES_PER_HOME } from './device.service.js';
import { NotSimulated, TooManyDevices } from './errors.js';
import { toRegistered } from './registered-device.js';

type Wanted = z.output<typeof provisionRequestSchema>['devices'][number];

export interface ProvisionedSecret {
  readonly id: DeviceId;
  readonly secret: string;
}

/** Argon2 runs at a time: the thread pool of four serves everybody else too. */
const HASHES_AT_ONCE = 2;

@Injectable()
export class ProvisionService {
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

  /**
   * Registers what is missing, makes rooms that are missing, and gives every device a fresh secret: what
   * used the old ones is disconnected. Throws `NotSimulated` when an id belongs to a real device.
   */
  async provision(
    homeId: HomeId,
    wanted: readonly Wanted[],
    actor: Actor,
  ): Promise<ProvisionedSecret[]> {
    const devices = [...new Map(wanted.map((device) => [device.id, device])).values()];
    const secrets = devices.map(({ id }) => ({ id, secret: newSecret() }));
    const hashes = await hashAll(secrets);
    // One provisioning at a time: a second simulator started meanwhile takes the devices over.
    await this.#turns.run(`provision ${homeId}`, () => this.#store(homeId, devices, hashes, actor));
    this.#events.emit('changed', { what: 'devices', deviceId: null });
    return secrets;
  }

  async #store(
    homeId: HomeId,
    wanted: readonly Wanted[],
    hashes: ReadonlyMap<DeviceId, string>,
    actor: Actor,
  ): Promise<void> {
    const known = new Map((await this.#devices.list(homeId)).map((device) => [device.id, device]));
    const existing = wanted.flatMap(({ id }) => known.get(id) ?? []);
    const real = existing.find((device) => !device.simulated);
    if (real) throw new NotSimulated(real.id);
    const missing = wanted.filter(({ id }) => !known.has(id));
    if (known.size + missing.length > MAX_DEVICES_PER_HOME) {
      throw new TooManyDevices(MAX_DEVICES_PER_HOME);
    }
    const withHash = <T extends { id: DeviceId }>(device: T) => ({
      ...device,
      secretHash: hashes.get(device.id) ?? '',
    });
    await this.#create(homeId, missing.map(withHash), actor);
    await this.#rotate(existing.map(withHash), actor);
  }

  async #create(
    homeId: HomeId,
    missing: readonly (Wanted & { secretHash: string })[],
    actor: Actor,
  ): Promise<void> {
    if (missing.length === 0) return;
    const rooms = await this.#roomsNamed(homeId, missing, actor);
    const devices = missing.map(({ id, name, kind, room, secretHash }): NewDevice => ({
      id,
      homeId,
      name,
      kind,
      secretHash,
      simulated: true,
      roomId: room === null ? null : (rooms.get(room) ?? null),
    }));
    const audit = auditOf(actor, 'devices.provisioned', homeId, {
      ids: devices.map((device) => device.id),
    });
    await this.#devices.create(devices, this.#clock.now(), audit);
    for (const device of devices) this.#directory.putDevice(toRegistered(device));
  }

  async #rotate(existing: readonly DeviceRow[], actor: Actor): Promise<void> {
    if (existing.length === 0) return;
    const ids = existing.map((device) => device.id);
    const audit = auditOf(actor, 'devices.secrets-rotated', ids[0] ?? '', { ids });
    await this.#devices.rotate(existing, this.#clock.now(), audit);
    for (const device of existing) {
      this.#directory.putDevice(toRegistered(device));
      this.#events.emit('credentials-revoked', { principalId: device.id, reason: 'rotated' });
    }
  }

  async #roomsNamed(
    homeId: HomeId,
    wanted: readonly Wanted[],
    actor: Actor,
  ): Promise<Map<string, RoomId>> {
    const rooms = new Map((await this.#rooms.list(homeId)).map((room) => [room.name, room.id]));
    for (const { room } of wanted) {
      if (room === null || rooms.has(room)) continue;
      rooms.set(room, (await this.#rooms.create(homeId, room, actor)).id);
    }
    return rooms;
  }
}

async function hashAll(secrets: readonly ProvisionedSecret[]): Promise<Map<DeviceId, string>> {
  const hashes = new Map<DeviceId, string>();
  for (let start = 0; start < secrets.length; start += HASHES_AT_ONCE) {
    const some = secrets.slice(start, start + HASHES_AT_ONCE);
    await Promise.all(some.map(async ({ id, secret }) => hashes.set(id, await hashSecret(secret))));
  }
  return hashes;
}
