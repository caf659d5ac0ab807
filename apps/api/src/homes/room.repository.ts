import { Inject, Injectable } from '@nestjs/common';
import { roomSchema, type HomeId, type Room, type RoomId } from '@hearth/contracts';
import type { Database } from '@hearth/db';
import { toAuditRow, type AuditEntry } from '../audit/audit-entry.js';
import type { Defined } from '../common/defined.js';
import { DATABASE } from '../database/database.js';
import { isUniqueViolation } from '../database/prisma-errors.js';
import { RoomNameTaken } from './errors.js';

const ROOM = {
  id: true,
  name: true,
  position: true,
  _count: { select: { devices: true } },
} as const;

interface RoomRow {
  id: string;
  name: string;
  position: number;
  _count: { devices: number };
}

const toRoom = ({ _count, ...room }: RoomRow): Room =>
  roomSchema.parse({ ...room, deviceCount: _count.devices });

@Injectable()
export class RoomRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  async list(homeId: HomeId): Promise<Room[]> {
    const rows = await this.#database.prisma.room.findMany({
      where: { homeId },
      select: ROOM,
      orderBy: [{ position: 'asc' }, { name: 'asc' }],
    });
    return rows.map(toRoom);
  }

  async find(homeId: HomeId, id: RoomId): Promise<Room | undefined> {
    const row = await this.#database.prisma.room.findFirst({
      where: { id, homeId },
      select: ROOM,
    });
    return row ? toRoom(row) : undefined;
  }

  /** Throws `RoomNameTaken`. */
  async create(
    room: { id: RoomId; homeId: HomeId; name: string; position: number },
    audit: AuditEntry,
  ): Promise<Room> {
    const { prisma } = this.#database;
    return refuseTakenName(room.name, async () => {
      const [row] = await prisma.$transaction([
        prisma.room.create({ data: room, select: ROOM }),
        prisma.auditEntry.create({ data: toAuditRow(audit), select: { id: true } }),
      ]);
      return toRoom(row);
    });
  }

  /** Throws `RoomNameTaken`. */
  async change(
    id: RoomId,
    change: Defined<Pick<Room, 'name' | 'position'>>,
    audit: AuditEntry,
  ): Promise<Room> {
    const { prisma } = this.#database;
    return refuseTakenName(change.name ?? '', async () => {
      const [row] = await prisma.$transaction([
        prisma.room.update({ where: { id }, data: change, select: ROOM }),
        prisma.auditEntry.create({ data: toAuditRow(audit), select: { id: true } }),
      ]);
      return toRoom(row);
    });
  }

  /** Its devices stay, without a room. */
  async remove(id: RoomId, audit: AuditEntry): Promise<void> {
    const { prisma } = this.#database;
    await prisma.$transaction([
      prisma.room.deleteMany({ where: { id } }),
      prisma.auditEntry.create({ data: toAuditRow(audit), select: { id: true } }),
    ]);
  }
}

async function refuseTakenName<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isUniqueViolation(error)) throw new RoomNameTaken(name, error);
    throw error;
  }
}
