import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { HomeId, Room, RoomId } from '@hearth/contracts';
import { auditOf } from '../audit/audit-entry.js';
import type { Actor } from '../auth/access.js';
import { defined } from '../common/defined.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { RoomNotFound, TooManyRooms } from './errors.js';
import { RoomRepository } from './room.repository.js';

const MAX_ROOMS_PER_HOME = 500;

@Injectable()
export class RoomService {
  readonly #rooms: RoomRepository;
  readonly #events: HearthEventBus;

  constructor(rooms: RoomRepository, events: HearthEventBus) {
    this.#rooms = rooms;
    this.#events = events;
  }

  list(homeId: HomeId): Promise<Room[]> {
    return this.#rooms.list(homeId);
  }

  async has(homeId: HomeId, id: RoomId): Promise<boolean> {
    return (await this.#rooms.find(homeId, id)) !== undefined;
  }

  /** Throws `RoomNotFound`, also for a room of another home. */
  async get(homeId: HomeId, id: RoomId): Promise<Room> {
    const room = await this.#rooms.find(homeId, id);
    if (!room) throw new RoomNotFound();
    return room;
  }

  async create(homeId: HomeId, name: string, actor: Actor): Promise<Room> {
    const rooms = await this.#rooms.list(homeId);
    if (rooms.length >= MAX_ROOMS_PER_HOME) throw new TooManyRooms(MAX_ROOMS_PER_HOME);
    const id = randomUUID() as RoomId;
    const position = 1 + Math.max(-1, ...rooms.map((room) => room.position));
    const room = await this.#rooms.create(
      { id, homeId, name, position },
      auditOf(actor, 'room.created', id, { name }),
    );
    this.#announce();
    return room;
  }

  async change(
    homeId: HomeId,
    id: RoomId,
    wanted: { name?: string | undefined; position?: number | undefined },
    actor: Actor,
  ): Promise<Room> {
    await this.get(homeId, id);
    const change = defined(wanted);
    const room = await this.#rooms.change(
      id,
      change,
      auditOf(actor, 'room.changed', id, { ...change }),
    );
    this.#announce();
    return room;
  }

  async remove(homeId: HomeId, id: RoomId, actor: Actor): Promise<void> {
    const { name } = await this.get(homeId, id);
    await this.#rooms.remove(id, auditOf(actor, 'room.removed', id, { name }));
    this.#announce();
    this.#events.emit('changed', { what: 'devices', deviceId: null });
  }

  #announce(): void {
    this.#events.emit('changed', { what: 'rooms', deviceId: null });
  }
}
