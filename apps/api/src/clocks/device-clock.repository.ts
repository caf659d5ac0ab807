import { Inject, Injectable } from '@nestjs/common';
import type { DeviceId } from '@hearth/contracts';
import type { Database } from '@hearth/db';
import type { ClockStretch } from '@hearth/ingest';
import { DATABASE } from '../database/database.js';

const TIMES = { fromAt: true, toAt: true, fromTs: true, toTs: true, messages: true } as const;

@Injectable()
export class DeviceClockRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** Keeps stretches as they are now, and of each of their devices the newest `perDevice`. Devices that are gone are left out. */
  async save(stretches: readonly ClockStretch[], perDevice: number): Promise<void> {
    const ids = stretches.map((one) => one.deviceId);
    const times = (of: (one: ClockStretch) => number) => stretches.map((one) => new Date(of(one)));
    const { prisma } = this.#database;
    await prisma.$transaction([
      prisma.$executeRaw`
        insert into device_clock (device_id, from_at, to_at, from_ts, to_ts, messages)
        select n.* from unnest(${ids}::text[], ${times((one) => one.fromAtMs)}::timestamptz[],
          ${times((one) => one.toAtMs)}::timestamptz[], ${times((one) => one.fromTs)}::timestamptz[],
          ${times((one) => one.toTs)}::timestamptz[], ${stretches.map((one) => one.messages)}::int[])
          as n (device_id, from_at, to_at, from_ts, to_ts, messages)
        join device on device.id = n.device_id
        order by n.device_id, n.from_at
        on conflict (device_id, from_at) do update set to_at = excluded.to_at,
          from_ts = excluded.from_ts, to_ts = excluded.to_ts, messages = excluded.messages`,
      prisma.$executeRaw`
        delete from device_clock where (device_id, from_at) in (
          select device_id, from_at from (
            select device_id, from_at,
              row_number() over (partition by device_id order by from_at desc) as nth
            from device_clock where device_id = any(${ids}::text[])) as ranked
          where nth > ${perDevice})`,
    ]);
  }

  /** The newest first. */
  async list(deviceId: DeviceId, limit: number): Promise<ClockStretch[]> {
    const rows = await this.#database.prisma.deviceClock.findMany({
      where: { deviceId },
      orderBy: { fromAt: 'desc' },
      take: limit,
      select: TIMES,
    });
    return rows.map(({ fromAt, toAt, fromTs, toTs, messages }) => ({
      deviceId,
      fromAtMs: fromAt.getTime(),
      toAtMs: toAt.getTime(),
      fromTs: fromTs.getTime(),
      toTs: toTs.getTime(),
      messages,
    }));
  }
}
