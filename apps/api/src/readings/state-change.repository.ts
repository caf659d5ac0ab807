import { Inject, Injectable } from '@nestjs/common';
import type { Database } from '@hearth/db';
import { DATABASE } from '../database/database.js';
import type { StateChange } from './history.repository.js';
import type { Range } from './range.js';

@Injectable()
export class StateChangeRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** The oldest `limit` changes of a text series within the range, in the order of time. */
  async list(seriesId: number, range: Range, limit: number): Promise<StateChange[]> {
    const { rows } = await this.#database.pool.query<StateChange>(
      `select (extract(epoch from ts) * 1000)::float8 as ts, value from state_change
       where series_id = $1 and ts >= $2 and ts < $3 order by state_change.ts limit $4`,
      [seriesId, new Date(range.fromMs), new Date(range.toMs), limit],
    );
    return rows;
  }
}
