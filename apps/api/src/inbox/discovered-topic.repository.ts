import { Inject, Injectable } from '@nestjs/common';
import type { HomeId } from '@hearth/contracts';
import type { Database } from '@hearth/db';
import type { TopicSighting } from '@hearth/ingest';
import { ACTIVITY_FADES_SECONDS } from './activity.js';
import { DATABASE } from '../database/database.js';

/** A topic as it is stored. */
export interface DiscoveredRow {
  readonly topic: string;
  readonly principalId: string;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly messages: bigint;
  readonly sample: Uint8Array;
  readonly activity: number;
  /** Messages of it that are kept whole. */
  readonly kept: number;
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
    const messages = all.flatMap(({ homeId, topic, recent }) =>
      recent.map((message) => ({ homeId, topic, ...message })),
    );
    const { rows } = await this.#database.pool.query<{ is_new: boolean }>(
      `with seen as (insert into discovered_topic as known
         (home_id, topic, principal_id, first_seen_at, last_seen_at, messages, sample, activity)
       select n.*, n.messages from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[],
           $5::timestamptz[], $6::bigint[], $7::bytea[])
         as n (home_id, topic, principal_id, first_seen_at, last_seen_at, messages, sample)
       join home on home.id = n.home_id
       on conflict (home_id, topic) do update set
         principal_id = excluded.principal_id,
         last_seen_at = greatest(known.last_seen_at, excluded.last_seen_at),
         messages = known.messages + excluded.messages,
         sample = excluded.sample,
         activity = excluded.messages + known.activity * exp(-least(700, greatest(0,
           extract(epoch from excluded.last_seen_at - known.last_seen_at) / $13)))
       returning home_id, topic, xmax = 0 as is_new),
       kept as (insert into discovered_message (home_id, topic, received_at, principal_id, payload)
         select m.* from unnest($8::uuid[], $9::text[], $10::timestamptz[], $11::text[], $12::bytea[])
           as m (home_id, topic, received_at, principal_id, payload)
         join seen on seen.home_id = m.home_id and seen.topic = m.topic
         on conflict do nothing)
       select is_new from seen`,
      [
        all.map(({ homeId }) => homeId),
        all.map(({ topic }) => topic),
        all.map(({ principalId }) => principalId),
        all.map(({ firstSeenAtMs }) => new Date(firstSeenAtMs)),
        all.map(({ lastSeenAtMs }) => new Date(lastSeenAtMs)),
        all.map(({ messages }) => messages),
        all.map(({ sample }) => sample),
        messages.map(({ homeId }) => homeId),
        messages.map(({ topic }) => topic),
        messages.map(({ receivedAtMs }) => new Date(receivedAtMs)),
        messages.map(({ principalId }) => principalId),
        messages.map(({ payload }) => payload),
        ACTIVITY_FADES_SECONDS,
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
  async list(homeId: HomeId): Promise<DiscoveredRow[]> {
    const rows = await this.#database.prisma.discoveredTopic.findMany({
      where: { homeId },
      orderBy: [{ lastSeenAt: 'desc' }, { topic: 'asc' }],
      select: {
        topic: true,
        principalId: true,
        firstSeenAt: true,
        lastSeenAt: true,
        messages: true,
        sample: true,
        activity: true,
        _count: { select: { kept: true } },
      },
    });
    return rows.map(({ _count, ...row }) => ({ ...row, kept: _count.kept }));
  }

  /** With what is kept of them. */
  async removeAll(homeId: HomeId, topics: readonly string[]): Promise<void> {
    await this.#database.prisma.discoveredTopic.deleteMany({
      where: { homeId, topic: { in: [...topics] } },
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
