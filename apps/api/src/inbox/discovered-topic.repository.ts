import { Inject, Injectable } from '@nestjs/common';
import type { HomeId } from '@hearth/contracts';
import type { Database } from '@hearth/db';
import type { TopicSighting } from '@hearth/ingest';
import { DATABASE } from '../database/database.js';

/** A topic as it is stored. */
export interface DiscoveredRow {
  readonly topic: string;
  readonly principalId: string;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly messages: bigint;
  readonly sample: Uint8Array;
}

@Injectable()
export class DiscoveredTopicRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** Adds what was seen to what is known. Resolves with how many topics are new. */
  async add(sightings: readonly TopicSighting[]): Promise<number> {
    // In one order, so that two processes do not wait for each other.
    const all = sightings.toSorted((a, b) => (a.topic < b.topic ? -1 : 1));
    const { rows } = await this.#database.pool.query<{ is_new: boolean }>(
      `insert into discovered_topic as known
         (home_id, topic, principal_id, first_seen_at, last_seen_at, messages, sample)
       select n.* from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[],
           $5::timestamptz[], $6::bigint[], $7::bytea[])
         as n (home_id, topic, principal_id, first_seen_at, last_seen_at, messages, sample)
       join home on home.id = n.home_id
       on conflict (home_id, topic) do update set
         principal_id = excluded.principal_id,
         last_seen_at = greatest(known.last_seen_at, excluded.last_seen_at),
         messages = known.messages + excluded.messages,
         sample = excluded.sample
       returning xmax = 0 as is_new`,
      [
        all.map(({ homeId }) => homeId),
        all.map(({ topic }) => topic),
        all.map(({ principalId }) => principalId),
        all.map(({ firstSeenAtMs }) => new Date(firstSeenAtMs)),
        all.map(({ lastSeenAtMs }) => new Date(lastSeenAtMs)),
        all.map(({ messages }) => messages),
        all.map(({ sample }) => sample),
      ],
    );
    return rows.filter((row) => row.is_new).length;
  }

  /** Removes the topics of each home that were silent longest, past `perHome`. */
  async prune(perHome: number): Promise<void> {
    await this.#database.pool.query(
      `delete from discovered_topic where (home_id, topic) in (
         select home_id, topic from (
           select home_id, topic, row_number() over (
             partition by home_id order by last_seen_at desc, topic) as rank
           from discovered_topic) as ranked
         where rank > $1)`,
      [perHome],
    );
  }

  /** The latest first. */
  list(homeId: HomeId): Promise<DiscoveredRow[]> {
    return this.#database.prisma.discoveredTopic.findMany({
      where: { homeId },
      orderBy: [{ lastSeenAt: 'desc' }, { topic: 'asc' }],
      select: {
        topic: true,
        principalId: true,
        firstSeenAt: true,
        lastSeenAt: true,
        messages: true,
        sample: true,
      },
    });
  }

  /** False when the topic is not there. */
  async remove(homeId: HomeId, topic: string): Promise<boolean> {
    const { count } = await this.#database.prisma.discoveredTopic.deleteMany({
      where: { homeId, topic },
    });
    return count > 0;
  }
}
