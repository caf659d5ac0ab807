import { Inject, Injectable } from '@nestjs/common';
import { inTransaction, type Database } from '@hearth/db';
import { DATABASE } from '../database/database.js';
import { KEEP_ROLLUPS, lockAllDays } from '../rollups/move-locks.repository.js';

const KEPT = [
  'reading_page',
  'rollup_minute',
  'rollup_quarter',
  'rollup_hour',
  'rollup_day',
  'rollup_dirty',
];

export interface ForgottenSeries {
  readonly seriesId: number;
  readonly forgottenAtMs: number;
}

@Injectable()
export class ForgottenReadingsRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  async list(limit: number): Promise<ForgottenSeries[]> {
    const rows = await this.#database.prisma.forgottenSeries.findMany({
      select: { seriesId: true, forgottenAt: true },
      orderBy: { forgottenAt: 'asc' },
      take: limit,
    });
    return rows.map((row) => ({
      seriesId: row.seriesId,
      forgottenAtMs: row.forgottenAt.getTime(),
    }));
  }

  /** Removes at most `limit` readings and answers how many. Nothing of them is to be rolled up: their pages would become rows. */
  async removeReadings(seriesId: number, limit: number): Promise<number> {
    return inTransaction(this.#database.pool, async (queries) => {
      await queries.query(KEEP_ROLLUPS);
      const { rowCount } = await queries.query(
        `delete from reading where (series_id, ts) in (
           select series_id, ts from reading where series_id = $1 limit $2)`,
        [seriesId, limit],
      );
      return rowCount ?? 0;
    });
  }

  /**
   * Removes what was kept of the readings besides themselves. A day that is being packed or rolled up is waited for; after that
   * there are no readings from which anything could be written again.
   */
  async finish(seriesId: number): Promise<void> {
    await inTransaction(this.#database.pool, async (queries) => {
      await lockAllDays(queries);
      await queries.query(KEEP_ROLLUPS);
      // Whoever was unpacking a page put its readings back.
      for (const table of ['reading', ...KEPT]) {
        await queries.query(`delete from ${table} where series_id = $1`, [seriesId]);
      }
      await queries.query('delete from forgotten_series where series_id = $1', [seriesId]);
    });
  }
}
