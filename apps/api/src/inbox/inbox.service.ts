// What could not be stored as a reading: dead letters and discovered topics, kept within bounds.
import { Inject, Injectable } from '@nestjs/common';
import type { DiscoveredTopic, HomeId } from '@hearth/contracts';
import { MAX_KEPT_MESSAGES, type DeadLetterDraft, type TopicSighting } from '@hearth/ingest';
import type { Logger } from 'pino';
import { CLOCK, type Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { DeadLetterRepository } from './dead-letter.repository.js';
import { DiscoveredMessageRepository } from './discovered-message.repository.js';
import { DiscoveredTopicRepository, type DiscoveredRow } from './discovered-topic.repository.js';
import { DiscoveredTopicNotFound } from './errors.js';
import { ratePerMinute } from './activity.js';
import { guessPayload } from './guess-payload.js';
import { guessDeviceName } from './guess-metric.js';
import { PRUNE_AFTER, ROOM_OF_ALL, ROOM_OF_SENDER } from './letter-bounds.js';

/** Topics kept of one home; beyond it those that were silent longest go. */
const MAX_TOPICS_PER_HOME = 1_000;
/** Bytes of messages kept of one home, about 1,000 of a usual size a megabyte; beyond it the oldest go. */
const KEPT_BYTES_PER_HOME = 16 * 1024 * 1024;
/** Adding them up costs a look at every one: not for each. */
const KEPT_BYTES_BETWEEN_PRUNES = 1024 * 1024;

@Injectable()
export class InboxService {
  readonly #letters: DeadLetterRepository;
  readonly #topics: DiscoveredTopicRepository;
  readonly #messages: DiscoveredMessageRepository;
  readonly #clock: Clock;
  readonly #events: HearthEventBus;
  readonly #logger: Logger;
  /** What an earlier run left behind may be past the bounds already. */
  #lettersSincePrune = PRUNE_AFTER.letters;
  #bytesSincePrune = 0;
  #keptBytesSincePrune = 0;

  constructor(
    letters: DeadLetterRepository,
    topics: DiscoveredTopicRepository,
    messages: DiscoveredMessageRepository,
    events: HearthEventBus,
    @Inject(LOGGER) logger: Logger,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#letters = letters;
    this.#topics = topics;
    this.#messages = messages;
    this.#clock = clock;
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
    await this.#prune(() => this.#messages.pruneTopics(sightings, MAX_KEPT_MESSAGES));
    for (const { recent } of sightings) {
      for (const { payload } of recent) this.#keptBytesSincePrune += payload.length;
    }
    if (this.#keptBytesSincePrune >= KEPT_BYTES_BETWEEN_PRUNES) {
      this.#keptBytesSincePrune = 0;
      await this.#prune(() => this.#messages.pruneHomes(KEPT_BYTES_PER_HOME));
    }
    if (fresh > 0) await this.#prune(() => this.#topics.prune(MAX_TOPICS_PER_HOME));
  }

  async listDiscovered(homeId: HomeId): Promise<DiscoveredTopic[]> {
    const nowMs = this.#clock.now();
    return (await this.#topics.list(homeId)).map((row) => toDiscoveredTopic(row, nowMs));
  }

  /** Throws `DiscoveredTopicNotFound`. The topic comes back when somebody publishes on it again. */
  async forgetDiscovered(homeId: HomeId, topic: string): Promise<void> {
    if (!(await this.#topics.remove(homeId, topic))) throw new DiscoveredTopicNotFound();
    this.#events.emit('changed', { what: 'discovered', deviceId: null });
  }

  /** Takes topics off the list that are somebody's now. */
  async removeAdopted(homeId: HomeId, topics: readonly string[]): Promise<void> {
    await this.#topics.removeAll(homeId, topics);
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

function toDiscoveredTopic(row: DiscoveredRow, nowMs: number): DiscoveredTopic {
  return {
    topic: row.topic,
    principalId: row.principalId,
    firstSeenAt: row.firstSeenAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    messages: Number(row.messages),
    sampleText: Buffer.from(row.sample).toString(),
    perMinute: ratePerMinute(row, nowMs),
    kept: row.kept,
    guess: guessPayload(row.sample, row.topic),
    deviceName: guessDeviceName(row.topic),
  };
}
