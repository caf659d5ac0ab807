import { Inject, Injectable } from '@nestjs/common';
import type { Database } from '@hearth/db';
import type { DeadLetterDraft } from '@hearth/ingest';
import { toAuditRow, type AuditEntry } from '../audit/audit-entry.js';
import { DATABASE } from '../database/database.js';
import { toCondition, type LetterSelection } from './dead-letter-filter.js';

/** Bytes of a payload that a list shows. */
const LISTED_BYTES = 1_024;

/** A letter as it is stored; `payload` may be the beginning of what is kept, `keptBytes` says how much is. */
export interface StoredLetter {
  readonly id: string;
  readonly receivedAt: Date;
  readonly topic: string;
  readonly deviceId: string | null;
  readonly principalId: string | null;
  readonly step: string;
  readonly code: string;
  readonly detail: string;
  readonly payload: Buffer;
  readonly payloadBytes: number;
  readonly keptBytes: number;
}

/** Letters with one sender and one code; `sample` is the newest. */
export interface StoredGroup {
  readonly letters: number;
  readonly topics: number;
  readonly cut: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly sample: StoredLetter;
}

export interface LetterTotals {
  readonly letters: number;
  readonly bytes: number;
  readonly newestId: string | null;
}

/** Columns of a `StoredLetter`. */
const columns = (
  payload: string,
): string => `dead_letter.id, dead_letter.received_at as "receivedAt",
  dead_letter.topic, dead_letter.device_id as "deviceId", dead_letter.principal_id as "principalId",
  dead_letter.step, dead_letter.code, dead_letter.detail, ${payload} as payload,
  dead_letter.payload_bytes as "payloadBytes", octet_length(dead_letter.payload) as "keptBytes"`;
const LISTED = columns(`substring(dead_letter.payload for ${LISTED_BYTES})`);
const WHOLE = columns('dead_letter.payload');

@Injectable()
export class DeadLetterRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  async append(letters: readonly DeadLetterDraft[]): Promise<void> {
    await this.#database.pool.query(
      `insert into dead_letter (home_id, received_at, topic, device_id, principal_id, step, code,
         detail, payload, payload_bytes)
       select * from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[],
         $6::text[], $7::text[], $8::text[], $9::bytea[], $10::int[])`,
      [
        letters.map(({ homeId }) => homeId),
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

  /** Newest first, older than `beforeId`. */
  async list(
    selection: LetterSelection,
    beforeId: string | undefined,
    limit: number,
  ): Promise<StoredLetter[]> {
    const { where, values } = toCondition(selection);
    const { rows } = await this.#database.pool.query<StoredLetter>(
      `select ${LISTED} from dead_letter
       where ${where} and ($${values.length + 1}::bigint is null or id < $${values.length + 1})
       order by id desc limit $${values.length + 2}`,
      [...values, beforeId ?? null, limit],
    );
    return rows;
  }

  /** With all bytes that are kept. */
  async find(selection: LetterSelection): Promise<StoredLetter | undefined> {
    const { where, values } = toCondition(selection);
    const { rows } = await this.#database.pool.query<StoredLetter>(
      `select ${WHOLE} from dead_letter where ${where} limit 1`,
      [...values],
    );
    return rows[0];
  }

  /** That with the newest letter first. */
  async listGroups(selection: LetterSelection, limit: number): Promise<StoredGroup[]> {
    const { where, values } = toCondition(selection);
    const { rows } = await this.#database.pool.query<
      Omit<StoredGroup, 'sample' | 'letters'> & StoredLetter & { letters: number }
    >(
      `select cause.letters, cause.topics, cause.cut, cause."firstAt", cause."lastAt", ${LISTED}
       from (
         select max(id) as newest_id, count(*)::int as letters, count(distinct topic)::int as topics,
           (count(*) filter (where payload_bytes > octet_length(payload)))::int as cut,
           min(received_at) as "firstAt", max(received_at) as "lastAt"
         from dead_letter where ${where}
         group by step, code, principal_id
         order by newest_id desc limit $${values.length + 1}) as cause
       join dead_letter on dead_letter.id = cause.newest_id
       order by dead_letter.id desc`,
      [...values, limit],
    );
    return rows.map(({ letters, topics, cut, firstAt, lastAt, ...sample }) => ({
      letters,
      topics,
      cut,
      firstAt,
      lastAt,
      sample,
    }));
  }

  async count(selection: LetterSelection): Promise<LetterTotals> {
    const { where, values } = toCondition(selection);
    const { rows } = await this.#database.pool.query<LetterTotals>(
      `select count(*)::int as letters, coalesce(sum(octet_length(payload)), 0)::float8 as bytes,
         max(id) as "newestId"
       from dead_letter where ${where}`,
      [...values],
    );
    return rows[0] ?? { letters: 0, bytes: 0, newestId: null };
  }

  /** Removes letters, and notes it with `audit` of their number when there were any. Resolves with the number. */
  async remove(
    selection: LetterSelection,
    audit: (letters: number) => AuditEntry,
  ): Promise<number> {
    const { where, values } = toCondition(selection);
    return this.#database.prisma.$transaction(async (transaction) => {
      const removed = await transaction.$executeRawUnsafe(
        `delete from dead_letter where ${where}`,
        ...values,
      );
      if (removed > 0) {
        await transaction.auditEntry.create({
          data: toAuditRow(audit(removed)),
          select: { id: true },
        });
      }
      return removed;
    });
  }

  /** Removes at most `limit` letters from before; resolves with how many it removed. */
  async removeBefore(beforeMs: number, limit: number): Promise<number> {
    const { rowCount } = await this.#database.pool.query(
      `delete from dead_letter where id in (
         select id from dead_letter where received_at < $1 order by received_at limit $2)`,
      [new Date(beforeMs), limit],
    );
    return rowCount ?? 0;
  }

  /** Removes the oldest letters of each sender that are past its room. Resolves with how many it removed. */
  async pruneSenders(room: { letters: number; bytes: number }): Promise<number> {
    const { rowCount } = await this.#database.pool.query(
      `delete from dead_letter where id in (
         select id from (
           select id, row_number() over sender as nth, sum(octet_length(payload)) over sender as bytes
           from dead_letter
           window sender as (partition by coalesce(device_id, principal_id) order by id desc)) as ranked
         where nth > $1 or bytes > $2)`,
      [room.letters, room.bytes],
    );
    return rowCount ?? 0;
  }

  /** Removes the oldest letters of all that are past the room. Resolves with how many it removed. */
  async pruneAll(room: { letters: number; bytes: number }): Promise<number> {
    const { rowCount } = await this.#database.pool.query(
      `delete from dead_letter where id in (
         select id from (
           select id, row_number() over age as nth, sum(octet_length(payload)) over age as bytes
           from dead_letter window age as (order by id desc)) as ranked
         where nth > $1 or bytes > $2)`,
      [room.letters, room.bytes],
    );
    return rowCount ?? 0;
  }
}
