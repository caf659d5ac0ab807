import { Inject, Injectable } from '@nestjs/common';
import {
  infoPayloadSchema,
  presenceCauseSchema,
  presenceStateSchema,
  type DeviceId,
  type InfoPayload,
  type PresenceCause,
  type PresenceState,
} from '@hearth/contracts';
import type { Database } from '@hearth/db';
import { DATABASE } from '../database/database.js';
import type { PresenceSince } from './device-presence.js';

/** A change of state, as a row. */
export interface PresenceRow extends PresenceSince {
  readonly deviceId: DeviceId;
}

/** What is known of a device from before the start. */
export interface LastPresence {
  readonly deviceId: DeviceId;
  readonly createdAtMs: number;
  readonly lastSeenMs: number | undefined;
  readonly info: InfoPayload | undefined;
  /** Undefined for a device that was never seen. */
  readonly last: PresenceSince | undefined;
}

interface ChangeRow {
  at: Date;
  state: string;
  cause: string;
}

const CHANGE = { at: true, state: true, cause: true } as const;

@Injectable()
export class PresenceRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** Every device with its newest change. */
  async listLast(): Promise<LastPresence[]> {
    // Raw, because Prisma would read all changes of a device to find its last.
    const rows = await this.#database.prisma.$queryRaw<
      {
        id: string;
        createdAt: Date;
        lastSeenAt: Date | null;
        info: unknown;
        at: Date | null;
        state: string | null;
        cause: string | null;
      }[]
    >`
      select d.id, d."createdAt", d."lastSeenAt", d.info, p.at, p.state, p.cause
      from device d
      left join lateral (
        select at, state, cause from presence_change
        where device_id = d.id order by at desc, id desc limit 1
      ) p on true`;
    return rows.map(({ id, createdAt, lastSeenAt, info, at, state, cause }) => ({
      deviceId: id as DeviceId,
      createdAtMs: createdAt.getTime(),
      lastSeenMs: lastSeenAt?.getTime(),
      info: infoPayloadSchema.safeParse(info).data,
      last:
        at === null || state === null || cause === null
          ? undefined
          : toPresence({ at, state, cause }),
    }));
  }

  /** Adds changes in this order. Those of devices that are gone meanwhile are left out. */
  async append(rows: readonly PresenceRow[]): Promise<void> {
    const ids = rows.map((row) => row.deviceId);
    const times = rows.map((row) => new Date(row.sinceMs));
    const states = rows.map((row) => row.state);
    const causes = rows.map((row) => row.cause);
    await this.#database.prisma.$executeRaw`
      insert into presence_change (device_id, at, state, cause)
      select n.device_id, n.at, n.state, n.cause
      from unnest(${ids}::text[], ${times}::timestamptz[], ${states}::text[], ${causes}::text[])
        with ordinality as n(device_id, at, state, cause, position)
      join device d on d.id = n.device_id
      order by n.position`;
  }

  /** Moves `lastSeenAt` forward. */
  async saveLastSeen(entries: readonly (readonly [DeviceId, number])[]): Promise<void> {
    const ids = entries.map(([id]) => id);
    const times = entries.map(([, ms]) => new Date(ms));
    await this.#database.prisma.$executeRaw`
      update device d set "lastSeenAt" = n.at
      from unnest(${ids}::text[], ${times}::timestamptz[]) as n(id, at)
      where d.id = n.id and (d."lastSeenAt" is null or d."lastSeenAt" < n.at)`;
  }

  /** Changes in the range, at most `limit`, oldest first, with the one in force at `fromMs` before them. */
  async list(
    deviceId: DeviceId,
    fromMs: number,
    toMs: number,
    limit: number,
  ): Promise<PresenceSince[]> {
    const { presenceChange } = this.#database.prisma;
    const [before, within] = await Promise.all([
      presenceChange.findFirst({
        where: { deviceId, at: { lte: new Date(fromMs) } },
        orderBy: [{ at: 'desc' }, { id: 'desc' }],
        select: CHANGE,
      }),
      presenceChange.findMany({
        where: { deviceId, at: { gt: new Date(fromMs), lte: new Date(toMs) } },
        orderBy: [{ at: 'desc' }, { id: 'desc' }],
        take: limit,
        select: CHANGE,
      }),
    ]);
    const changes = within.toReversed().map(toPresence);
    // With the oldest ones cut off, what was in force before them says nothing about them.
    return before && within.length < limit ? [toPresence(before), ...changes] : changes;
  }
}

const toPresence = ({ at, state, cause }: ChangeRow): PresenceSince => ({
  state: presenceStateSchema.parse(state) satisfies PresenceState,
  cause: presenceCauseSchema.parse(cause) satisfies PresenceCause,
  sinceMs: at.getTime(),
});
