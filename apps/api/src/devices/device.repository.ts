import { Inject, Injectable } from '@nestjs/common';
import {
  deviceKindSchema,
  infoPayloadSchema,
  type DeviceId,
  type DeviceKind,
  type HomeId,
  type InfoPayload,
  type RoomId,
} from '@hearth/contracts';
import type { Database } from '@hearth/db';
import { toAuditRow, type AuditEntry } from '../audit/audit-entry.js';
import type { Defined } from '../common/defined.js';
import { DATABASE } from '../database/database.js';
import { isMissingReference, isMissingRow } from '../database/prisma-errors.js';
import { DeviceNotFound } from '../directory/errors.js';
import { claimUsernames } from '../directory/username.repository.js';
import { UnknownRoom } from './errors.js';

const DEVICE = {
  id: true,
  homeId: true,
  roomId: true,
  name: true,
  kind: true,
  simulated: true,
  secretHash: true,
  info: true,
  createdAt: true,
} as const;

/** A registered device as it is stored. */
export interface DeviceRow {
  readonly id: DeviceId;
  readonly homeId: HomeId;
  readonly roomId: RoomId | null;
  readonly name: string;
  readonly kind: DeviceKind;
  readonly simulated: boolean;
  readonly secretHash: string;
  readonly info: InfoPayload | undefined;
  readonly createdAt: Date;
}

export type NewDevice = Pick<
  DeviceRow,
  'id' | 'homeId' | 'roomId' | 'name' | 'kind' | 'simulated' | 'secretHash'
>;

interface StoredDevice {
  id: string;
  homeId: string;
  roomId: string | null;
  name: string;
  kind: string;
  simulated: boolean;
  secretHash: string;
  info: unknown;
  createdAt: Date;
}

/** Rows of another version of Hearth may hold what this one does not know. */
function toDevice(row: StoredDevice): DeviceRow {
  const kind = deviceKindSchema.safeParse(row.kind);
  const info = infoPayloadSchema.safeParse(row.info);
  return {
    ...row,
    id: row.id as DeviceId,
    homeId: row.homeId as HomeId,
    roomId: row.roomId as RoomId | null,
    kind: kind.success ? kind.data : 'sensor',
    info: info.success ? info.data : undefined,
  };
}

@Injectable()
export class DeviceRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** All of the installation. */
  async listAll(): Promise<DeviceRow[]> {
    const rows = await this.#database.prisma.device.findMany({ select: DEVICE });
    return rows.map(toDevice);
  }

  async list(homeId: HomeId): Promise<DeviceRow[]> {
    const rows = await this.#database.prisma.device.findMany({
      where: { homeId },
      select: DEVICE,
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
    });
    return rows.map(toDevice);
  }

  async find(homeId: HomeId, id: DeviceId): Promise<DeviceRow | undefined> {
    const row = await this.#database.prisma.device.findFirst({
      where: { id, homeId },
      select: DEVICE,
    });
    return row ? toDevice(row) : undefined;
  }

  count(homeId: HomeId): Promise<number> {
    return this.#database.prisma.device.count({ where: { homeId } });
  }

  /**
   * Registers devices, all or none, each as never seen. Throws `UsernameTaken` or `UnknownRoom`.
   * `nowMs` is when their presence begins.
   */
  async create(devices: readonly NewDevice[], nowMs: number, audit: AuditEntry): Promise<void> {
    await refuseMissing(async () => {
      await this.#database.prisma.$transaction(async (transaction) => {
        const ids = devices.map((device) => device.id);
        await claimUsernames(transaction, ids);
        await transaction.device.createMany({ data: [...devices] });
        await transaction.presenceChange.createMany({
          data: ids.map((deviceId) => ({
            deviceId,
            at: new Date(nowMs),
            state: 'never-seen',
            cause: 'registered',
          })),
        });
        await transaction.auditEntry.create({ data: toAuditRow(audit), select: { id: true } });
      });
    });
  }

  /** Throws `DeviceNotFound` or `UnknownRoom`. */
  async change(
    id: DeviceId,
    change: Defined<Pick<DeviceRow, 'name' | 'roomId'>>,
    audit: AuditEntry,
  ): Promise<DeviceRow> {
    const { prisma } = this.#database;
    return refuseMissing(async () => {
      const [row] = await prisma.$transaction([
        prisma.device.update({ where: { id }, data: change, select: DEVICE }),
        prisma.auditEntry.create({ data: toAuditRow(audit), select: { id: true } }),
      ]);
      return toDevice(row);
    });
  }

  /** Gives devices new secrets. Ids that are not there are passed over. */
  async rotate(
    secrets: readonly { readonly id: DeviceId; readonly secretHash: string }[],
    nowMs: number,
    audit: AuditEntry,
  ): Promise<void> {
    const { prisma } = this.#database;
    const ids = secrets.map((secret) => secret.id);
    const hashes = secrets.map((secret) => secret.secretHash);
    await prisma.$transaction([
      prisma.$executeRaw`
        update device set "secretHash" = fresh.hash, "secretRotatedAt" = ${new Date(nowMs)}
        from unnest(${ids}::text[], ${hashes}::text[]) as fresh (id, hash)
        where device.id = fresh.id`,
      prisma.auditEntry.create({ data: toAuditRow(audit), select: { id: true } }),
    ]);
  }

  /** Remembers what the device says of itself. False when the device is gone. */
  async describe(id: DeviceId, info: InfoPayload): Promise<boolean> {
    const { count } = await this.#database.prisma.device.updateMany({
      where: { id },
      data: { info: { ...info } },
    });
    return count === 1;
  }

  /** Removes the device and all that refers to it, except readings: their series are noted as forgotten. */
  async remove(id: DeviceId, nowMs: number, audit: AuditEntry): Promise<void> {
    const { prisma } = this.#database;
    await prisma.$transaction([
      prisma.$executeRaw`
        insert into forgotten_series (series_id, forgotten_at)
        select id, ${new Date(nowMs)} from series where device_id = ${id}`,
      prisma.device.deleteMany({ where: { id } }),
      prisma.deadLetter.deleteMany({ where: { deviceId: id } }),
      prisma.auditEntry.create({ data: toAuditRow(audit), select: { id: true } }),
    ]);
  }
}

async function refuseMissing<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isMissingRow(error)) throw new DeviceNotFound();
    if (isMissingReference(error)) throw new UnknownRoom();
    throw error;
  }
}
