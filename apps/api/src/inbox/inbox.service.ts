// What could not be stored as a reading: dead letters and discovered topics, kept within bounds.
import { Inject, Injectable } from '@nestjs/common';
import type { DeadLetter, DeviceId, DiscoveredTopic, HomeId } from '@hearth/contracts';
import type { DeadLetterDraft, TopicSighting } from '@hearth/ingest';
import type { Logger } from 'pino';
import { LOGGER } from '../common/logger.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { DeadLetterRepository } from './dead-letter.repository.js';
import { DiscoveredTopicRepository, type DiscoveredRow } from './discovered-topic.repository.js';
import { DiscoveredTopicNotFound } from './errors.js';
import { guessPayload } from './guess-payload.js';

/** Letters kept of one sender, so that one broken device does not push out the letters of all others. */
const MAX_LETTERS_PER_SENDER = 1_000;
/** Letters kept in all; at 16 kB each, 320 MB at the very most. */
const MAX_LETTERS = 20_000;
/** The bounds are enforced after so many new letters: counting costs a scan. */
const PRUNE_EVERY_LETTERS = 500;
/** Topics kept of one home; beyond it those that were silent longest go. */
const MAX_TOPICS_PER_HOME = 1_000;

/** A page of letters, newest first. */
export interface DeadLetterPage {
  readonly items: DeadLetter[];
  readonly nextCursor: string | null;
}

@Injectable()
export class InboxService {
  readonly #letters: DeadLetterRepository;
  readonly #topics: DiscoveredTopicRepository;
  readonly #events: HearthEventBus;
  readonly #logger: Logger;
  /** What an earlier run left behind may be past the bounds already. */
  #lettersSincePrune = PRUNE_EVERY_LETTERS;

  constructor(
    letters: DeadLetterRepository,
    topics: DiscoveredTopicRepository,
    events: HearthEventBus,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#letters = letters;
    this.#topics = topics;
    this.#events = events;
    this.#logger = logger;
  }

  async keepDeadLetters(letters: readonly DeadLetterDraft[]): Promise<void> {
    await this.#letters.append(letters);
    this.#lettersSincePrune += letters.length;
    if (this.#lettersSincePrune < PRUNE_EVERY_LETTERS) return;
    this.#lettersSincePrune = 0;
    await this.#prune(() => this.#letters.prune(MAX_LETTERS_PER_SENDER, MAX_LETTERS));
  }

  async keepSightings(sightings: readonly TopicSighting[]): Promise<void> {
    const fresh = await this.#topics.add(sightings);
    if (fresh > 0) await this.#prune(() => this.#topics.prune(MAX_TOPICS_PER_HOME));
  }

  async listDeadLetters(
    homeId: HomeId,
    deviceId: DeviceId | undefined,
    beforeId: bigint | undefined,
    limit: number,
  ): Promise<DeadLetterPage> {
    const letters = await this.#letters.list(homeId, deviceId, beforeId, limit + 1);
    const items = letters.slice(0, limit);
    return { items, nextCursor: letters.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  async listDiscovered(homeId: HomeId): Promise<DiscoveredTopic[]> {
    return (await this.#topics.list(homeId)).map(toDiscoveredTopic);
  }

  /** Throws `DiscoveredTopicNotFound`. The topic comes back when somebody publishes on it again. */
  async forgetDiscovered(homeId: HomeId, topic: string): Promise<void> {
    if (!(await this.#topics.remove(homeId, topic))) throw new DiscoveredTopicNotFound();
    this.#events.emit('changed', { what: 'discovered', deviceId: null });
  }

  /** The rows are committed by now; that the oldest stay a little longer is no reason to store them again. */
  async #prune(prune: () => Promise<void>): Promise<void> {
    try {
      await prune();
    } catch (error) {
      this.#lettersSincePrune = PRUNE_EVERY_LETTERS;
      this.#logger.warn({ err: error }, 'the inbox could not be pruned yet');
    }
  }
}

function toDiscoveredTopic(row: DiscoveredRow): DiscoveredTopic {
  return {
    topic: row.topic,
    principalId: row.principalId,
    firstSeenAt: row.firstSeenAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    messages: Number(row.messages),
    sampleText: Buffer.from(row.sample).toString(),
    guess: guessPayload(row.sample),
  };
}
