import { Inject, Injectable } from '@nestjs/common';
import type { HomeId } from '@hearth/contracts';
import type { Database } from '@hearth/db';
import { DATABASE } from '../database/database.js';

/** A whole message of a discovered topic. */
export interface DiscoveredMessageRow {
  readonly topic: string;
  readonly receivedAt: Date;
  readonly principalId: string;
  readonly payload: Buffer;
}

const COLUMNS = 'topic, received_at as "receivedAt", principal_id as "principalId", payload';

@Injectable()
export class DiscoveredMessageRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** All that is kept of these topics, the oldest first. */
  async list(homeId: HomeId, topics: readonly string[]): Promise<DiscoveredMessageRow[]> {
    const { rows } = await this.#database.pool.query<DiscoveredMessageRow>(
      `select ${COLUMNS} from discovered_message
       where home_id = $1 and topic = any($2::text[]) order by received_at, topic`,
      [homeId, [...topics]],
    );
    return rows;
  }

  /** The newest of each of these topics, at most `perTopic`; the newest of all first, at most `limit`. */
  async listNewest(
    homeId: HomeId,
    topics: readonly string[],
    perTopic: number,
    limit: number,
  ): Promise<DiscoveredMessageRow[]> {
    const { rows } = await this.#database.pool.query<DiscoveredMessageRow>(
      `select message.* from unnest($2::text[]) as wanted (topic) cross join lateral (
         select ${COLUMNS} from discovered_message
         where home_id = $1 and topic = wanted.topic order by received_at desc limit $3) as message
       order by message."receivedAt" desc limit $4`,
      [homeId, [...topics], perTopic, limit],
    );
    return rows;
  }

  /** Leaves each of these topics its newest `most` messages. */
  async pruneTopics(
    topics: readonly { homeId: string; topic: string }[],
    most: number,
  ): Promise<void> {
    await this.#database.pool.query(
      `delete from discovered_message as old using unnest($1::uuid[], $2::text[]) as of (home_id, topic)
       where old.home_id = of.home_id and old.topic = of.topic and old.received_at < (
         select received_at from discovered_message as kept
         where kept.home_id = of.home_id and kept.topic = of.topic
         order by received_at desc offset $3 limit 1)`,
      [topics.map(({ homeId }) => homeId), topics.map(({ topic }) => topic), most - 1],
    );
  }

  /** Removes the oldest messages of each home that are past its room. */
  async pruneHomes(bytesPerHome: number): Promise<void> {
    await this.#database.pool.query(
      `delete from discovered_message where (home_id, topic, received_at) in (
         select home_id, topic, received_at from (
           select home_id, topic, received_at, sum(octet_length(payload)) over (
             partition by home_id order by received_at desc, topic) as bytes
           from discovered_message) as ranked
         where bytes > $1)`,
      [bytesPerHome],
    );
  }

  /** Removes at most `limit` messages from before; resolves with how many it removed. */
  async removeBefore(beforeMs: number, limit: number): Promise<number> {
    const { rowCount } = await this.#database.pool.query(
      `delete from discovered_message where (home_id, topic, received_at) in (
         select home_id, topic, received_at from discovered_message
         where received_at < $1 order by received_at limit $2)`,
      [new Date(beforeMs), limit],
    );
    return rowCount ?? 0;
  }
}
