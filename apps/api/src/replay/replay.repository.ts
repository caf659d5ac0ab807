import { Inject, Injectable } from '@nestjs/common';
import type { Database } from '@hearth/db';
import { toAuditRow, type AuditEntry } from '../audit/audit-entry.js';
import { DATABASE } from '../database/database.js';
import { RawReadings } from '../readings/raw-readings.repository.js';
import { toCondition, type LetterSelection } from '../inbox/dead-letter-filter.js';

/** What of a dead letter is replayed. */
export interface KeptMessage {
  readonly id: string;
  readonly receivedAt: Date;
  readonly topic: string;
  readonly principalId: string | null;
  readonly payload: Buffer;
  readonly payloadBytes: number;
  readonly keptBytes: number;
  /** Time of its readings that have none, if one was chosen before. */
  readonly stampedAt: Date | null;
}

/** Some of the letters that match, and how many match in all. */
export interface KeptMessages {
  readonly letters: readonly KeptMessage[];
  readonly matching: number;
}

/** Why a letter was refused again. */
export interface NewReason {
  readonly id: string;
  readonly step: string;
  readonly code: string;
  readonly detail: string;
}

@Injectable()
export class ReplayRepository {
  readonly #database: Database;
  readonly #readings: RawReadings;

  constructor(@Inject(DATABASE) database: Database, readings: RawReadings) {
    this.#database = database;
    this.#readings = readings;
  }

  /** The oldest that match, after `afterId`: at most `limit`, and no more than fit into `maxBytes`, but one at least. */
  async take(
    selection: LetterSelection,
    afterId: string,
    limit: number,
    maxBytes: number,
  ): Promise<KeptMessages> {
    const { where, values } = toCondition(selection);
    const after = values.length + 1;
    const { rows } = await this.#database.pool.query<KeptMessage & { matching: number }>(
      `with matching as (
         select id, row_number() over age as nth, count(*) over () as matching,
           sum(octet_length(payload)) over age - octet_length(payload) as bytes_before,
           sum(octet_length(payload)) over age as bytes
         from dead_letter where ${where} and id > $${after}::bigint window age as (order by id))
       select dead_letter.id, received_at as "receivedAt", topic, principal_id as "principalId", payload,
         payload_bytes as "payloadBytes", octet_length(payload) as "keptBytes",
         stamped_at as "stampedAt", matching.matching::int as matching
       from matching join dead_letter on dead_letter.id = matching.id
       where nth = 1 or nth <= $${after + 1} and bytes <= $${after + 2}
       order by dead_letter.id`,
      [...values, afterId, limit, maxBytes],
    );
    return { letters: rows, matching: rows[0]?.matching ?? 0 };
  }

  /** Times in a range that something has already: a row of the series, or another letter of the sender. Epoch milliseconds. */
  async listTakenTimes(
    seriesIds: readonly number[],
    principalId: string,
    fromMs: number,
    toMs: number,
  ): Promise<Set<number>> {
    const { rows } = await this.#database.pool.query<{ ts: Date }>(
      `select ts from state_change where series_id = any($1::int[]) and ts >= $3 and ts < $4
       union all
       select stamped_at from dead_letter
       where principal_id = $2 and stamped_at >= $3 and stamped_at < $4`,
      [[...seriesIds], principalId, new Date(fromMs), new Date(toMs)],
    );
    const taken = new Set(rows.map(({ ts }) => ts.getTime()));
    for (const seriesId of seriesIds) {
      for await (const readings of this.#readings.stream(seriesId, { fromMs, toMs })) {
        for (const { ts } of readings) taken.add(ts);
      }
    }
    return taken;
  }

  /** Keeps the times chosen for letters, by id, in epoch milliseconds. */
  async keepStamps(stamps: ReadonlyMap<string, number>): Promise<void> {
    if (stamps.size === 0) return;
    await this.#database.pool.query(
      `update dead_letter set stamped_at = chosen.at
       from unnest($1::bigint[], $2::timestamptz[]) as chosen (id, at) where dead_letter.id = chosen.id`,
      [[...stamps.keys()], [...stamps.values()].map((ms) => new Date(ms))],
    );
  }

  /** Removes what was stored as readings, keeps the new reasons of the rest, and notes the replay. */
  async finish(
    replayedIds: readonly string[],
    reasons: readonly NewReason[],
    audit: AuditEntry,
  ): Promise<void> {
    const { prisma } = this.#database;
    await prisma.$transaction([
      prisma.deadLetter.deleteMany({ where: { id: { in: replayedIds.map(BigInt) } } }),
      prisma.$executeRaw`
        update dead_letter set step = fresh.step, code = fresh.code, detail = fresh.detail
        from unnest(${reasons.map(({ id }) => BigInt(id))}::bigint[], ${reasons.map(({ step }) => step)}::text[],
          ${reasons.map(({ code }) => code)}::text[], ${reasons.map(({ detail }) => detail)}::text[])
          as fresh (id, step, code, detail)
        where dead_letter.id = fresh.id`,
      prisma.auditEntry.create({ data: toAuditRow(audit), select: { id: true } }),
    ]);
  }
}
