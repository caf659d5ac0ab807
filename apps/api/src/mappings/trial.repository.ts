import { Inject, Injectable } from '@nestjs/common';
import type { HomeId } from '@hearth/contracts';
import type { Database } from '@hearth/db';
import { DATABASE } from '../database/database.js';

/** A refused message on a topic that is not Hearth's, whole. */
export interface RefusedMessage {
  readonly topic: string;
  readonly receivedAt: Date;
  readonly principalId: string;
  readonly payload: Buffer;
}

@Injectable()
export class TrialRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** The newest first. */
  async listRefused(homeId: HomeId, maxBytes: number, limit: number): Promise<RefusedMessage[]> {
    const { rows } = await this.#database.pool.query<RefusedMessage>(
      `select topic, received_at as "receivedAt", coalesce(principal_id, '') as "principalId", payload
       from dead_letter
       where home_id = $1 and topic not like 'hearth/%' and payload_bytes <= $2
         and payload_bytes = octet_length(payload)
       order by id desc limit $3`,
      [homeId, maxBytes, limit],
    );
    return rows;
  }
}
