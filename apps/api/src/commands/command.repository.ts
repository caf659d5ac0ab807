import { Inject, Injectable } from '@nestjs/common';
import {
  commandIdSchema,
  commandStatusSchema,
  deviceIdSchema,
  FINAL_COMMAND_STATUSES,
  type CommandId,
  type DeviceId,
} from '@hearth/contracts';
import type { Database } from '@hearth/db';
import { z } from 'zod';
import { DATABASE } from '../database/database.js';
import { isMissingReference } from '../database/prisma-errors.js';
import { DeviceNotFound } from '../devices/errors.js';
import type { CommandCursor } from './command-cursor.js';
import type { CommandRecord } from './command-life.js';

const COMMAND = {
  id: true,
  deviceId: true,
  name: true,
  args: true,
  status: true,
  reason: true,
  requestedBy: true,
  createdAt: true,
  sentAt: true,
  deliveredAt: true,
  acceptedAt: true,
  finishedAt: true,
  expiresAt: true,
} as const;

interface CommandRow {
  id: string;
  deviceId: string;
  name: string;
  args: unknown;
  status: string;
  reason: string | null;
  requestedBy: string;
  createdAt: Date;
  sentAt: Date | null;
  deliveredAt: Date | null;
  acceptedAt: Date | null;
  finishedAt: Date | null;
  expiresAt: Date;
}

const argsSchema = z.record(z.string(), z.json());

@Injectable()
export class CommandRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** Throws `DeviceNotFound` when the device was removed meanwhile. */
  async create(command: CommandRecord): Promise<void> {
    const { id, deviceId, name, args, status, requestedBy } = command;
    const createdAt = new Date(command.createdAtMs);
    const expiresAt = new Date(command.expiresAtMs);
    const data = { id, deviceId, name, args, status, requestedBy, createdAt, expiresAt };
    try {
      await this.#database.prisma.command.create({ data, select: { id: true } });
    } catch (error) {
      if (isMissingReference(error)) throw new DeviceNotFound();
      throw error;
    }
  }

  /** Writes how far the commands have come. Those of devices that are gone meanwhile are left out. */
  async save(commands: readonly CommandRecord[]): Promise<void> {
    const times = (of: (command: CommandRecord) => number | null): (Date | null)[] =>
      commands.map((command) => toDate(of(command)));
    const ids = commands.map(({ id }) => id);
    const statuses = commands.map(({ status }) => status);
    const reasons = commands.map(({ reason }) => reason);
    const sent = times((command) => command.sentAtMs);
    const delivered = times((command) => command.deliveredAtMs);
    const accepted = times((command) => command.acceptedAtMs);
    const finished = times((command) => command.finishedAtMs);
    await this.#database.prisma.$executeRaw`
      update command c set status = n.status, reason = n.reason, sent_at = n.sent_at,
        delivered_at = n.delivered_at, accepted_at = n.accepted_at, finished_at = n.finished_at
      from unnest(${ids}::uuid[], ${statuses}::text[], ${reasons}::text[], ${sent}::timestamptz[],
        ${delivered}::timestamptz[], ${accepted}::timestamptz[], ${finished}::timestamptz[])
        as n(id, status, reason, sent_at, delivered_at, accepted_at, finished_at)
      where c.id = n.id`;
  }

  async find(id: CommandId): Promise<CommandRecord | undefined> {
    const row = await this.#database.prisma.command.findUnique({ where: { id }, select: COMMAND });
    return row ? toRecord(row) : undefined;
  }

  /** Newest first, those after `cursor`. */
  async list(
    deviceId: DeviceId,
    cursor: CommandCursor | undefined,
    limit: number,
  ): Promise<CommandRecord[]> {
    const before = cursor && new Date(cursor.createdAtMs);
    const rows = await this.#database.prisma.command.findMany({
      where: {
        deviceId,
        ...(cursor &&
          before && {
            OR: [{ createdAt: { lt: before } }, { createdAt: before, id: { lt: cursor.id } }],
          }),
      },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: limit,
      select: COMMAND,
    });
    return rows.map(toRecord);
  }

  /** Commands that a server which ran before left unfinished. */
  async listUnfinished(): Promise<CommandRecord[]> {
    const rows = await this.#database.prisma.command.findMany({
      where: { status: { notIn: [...FINAL_COMMAND_STATUSES] } },
      orderBy: [{ createdAt: 'asc' }],
      select: COMMAND,
    });
    return rows.map(toRecord);
  }
}

const toDate = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

const toRecord = (row: CommandRow): CommandRecord => ({
  id: commandIdSchema.parse(row.id),
  deviceId: deviceIdSchema.parse(row.deviceId),
  name: row.name,
  args: argsSchema.parse(row.args),
  status: commandStatusSchema.parse(row.status),
  reason: row.reason,
  requestedBy: row.requestedBy,
  createdAtMs: row.createdAt.getTime(),
  sentAtMs: row.sentAt?.getTime() ?? null,
  deliveredAtMs: row.deliveredAt?.getTime() ?? null,
  acceptedAtMs: row.acceptedAt?.getTime() ?? null,
  finishedAtMs: row.finishedAt?.getTime() ?? null,
  expiresAtMs: row.expiresAt.getTime(),
});
