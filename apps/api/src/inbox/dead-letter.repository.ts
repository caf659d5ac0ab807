import { Inject, Injectable } from '@nestjs/common';
import type { DeadLetter, DeviceId, HomeId } from '@hearth/contracts';
import type { Database } from '@hearth/db';
import type { DeadLetterDraft } from '@hearth/ingest';
import { DATABASE } from '../database/database.js';

interface DeadLetterRow {
  id: string;
  received_at: Date;
  topic: string;
  device_id: string | null;
  principal_id: string | null;
  step: string;
  code: string;
  detail: string;
  payload: Buffer;
  payload_bytes: number;
}

@Injectable()
export class DeadLetterRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  async append(letters: readonly DeadLetterDraft[]): Promise<void> {
    await this.#database.pool.query(
      `insert into dead_letter
         (received_at, topic, device_id, principal_id, step, code, detail, payload, payload_bytes)
       select * from unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[],
         $6::text[], $7::text[], $8::bytea[], $9::int[])`,
      [
        letters.map(({ receivedAtMs }) => new Date(receivedAtMs)),
        letters.map(({ topic }) => topic),
        letters.map(({ deviceId }) => deviceId ?? null),
        letters.map(({ principalId }) => principalId),
        letters.map(({ step }) => step),
        letters.map(({ code }) => code),
        letters.map(({ detail }) => detail),
        letters.map(({ payload }) => payload),
        letters.map(({ payloadBytes }) => payloadBytes),
      ],
    );
  }

  /**
   * Newest first, older than `beforeId`. Of a home are the letters of its devices, and those of its
   * integrations that concern no device.
   */
  async list(
    homeId: HomeId,
    deviceId: DeviceId | undefined,
    beforeId: bigint | undefined,
    limit: number,
  ): Promise<DeadLetter[]> {
    const { rows } = await this.#database.pool.query<DeadLetterRow>(
      `select id, received_at, topic, device_id, principal_id, step, code, detail, payload, payload_bytes
       from dead_letter
       where ($2::text is null or device_id = $2) and ($3::bigint is null or id < $3)
         and (device_id in (select id from device where "homeId" = $1)
           or device_id is null
             and principal_id in (select username from integration where "homeId" = $1))
       order by id desc limit $4`,
      [homeId, deviceId ?? null, beforeId ?? null, limit],
    );
    return rows.map(toDeadLetter);
  }

  /** Removes the oldest past `perSender` of each sender, and past `inAll`. */
  async prune(perSender: number, inAll: number): Promise<void> {
    await this.#database.pool.query(
      `delete from dead_letter where id in (
         select id from (
           select id, row_number() over (
             partition by coalesce(device_id, principal_id) order by id desc) as rank
           from dead_letter) as ranked
         where rank > $1)`,
      [perSender],
    );
    await this.#database.pool.query(
      `delete from dead_letter where id <= (
         select id from dead_letter order by id desc offset $1 limit 1)`,
      [inAll],
    );
  }
}

function toDeadLetter(row: DeadLetterRow): DeadLetter {
  return {
    id: row.id,
    receivedAt: row.received_at.toISOString(),
    topic: row.topic,
    deviceId: row.device_id,
    principalId: row.principal_id,
    step: row.step,
    code: row.code,
    detail: row.detail,
    payloadText: row.payload.toString(),
    payloadBytes: row.payload_bytes,
  };
}
