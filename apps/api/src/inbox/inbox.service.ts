// What could not be stored as a reading: dead letters and discovered topics, kept within bounds.
import { Inject, Injectable } from '@nestjs/common';
import type { DiscoveredTopic, HomeId } from '@hearth/contracts';
import type { DeadLetterDraft, TopicSighting } from '@hearth/ingest';
import type { Logger } from 'pino';
import { LOGGER } from '../common/logger.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { DeadLetterRepository } from './dead-letter.repository.js';
import { DiscoveredTopicRepository, type DiscoveredRow } from './discovered-topic.repository.js';
import { DiscoveredTopicNotFound } from './errors.js';
import { guessPayload } from './guess-payload.js';
import { PRUNE_AFTER, ROOM_OF_ALL, ROOM_OF_SENDER } from './letter-bounds.js';

/** Topics kept of one home; beyond it those that were silent longest go. */
const MAX_TOPICS_PER_HOME = 1_000;

@Injectable()
export class InboxService {
  readonly #letters: DeadLetterRepository;
  readonly #topics: DiscoveredTopicRepository;
  readonly #events: HearthEventBus;
  readonly #logger: Logger;
  /** What an earlier run left behind may be past the bounds already. */
  #lettersSincePrune = PRUNE_AFTER.letters;
  #bytesSincePrune = 0;

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
    for (const { payload } of letters) this.#bytesSincePrune += payload.length;
    const { letters: maxLetters, bytes: maxBytes } = PRUNE_AFTER;
    if (this.#lettersSincePrune < maxLetters && this.#bytesSincePrune < maxBytes) return;
    this.#lettersSincePrune = 0;
    this.#bytesSincePrune = 0;
    await this.#prune(async () => {
      await this.#letters.pruneSenders(ROOM_OF_SENDER);
      await this.#letters.pruneAll(ROOM_OF_ALL);
    });
  }

  async keepSightings(sightings: readonly TopicSighting[]): Promise<void> {
    const fresh = await this.#topics.add(sightings);
    if (fresh > 0) await this.#prune(() => this.#topics.prune(MAX_TOPICS_PER_HOME));
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
      this.#lettersSincePrune = PRUNE_AFTER.letters;
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
