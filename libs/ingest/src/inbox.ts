// What could not be stored as a reading: refused messages, topics that nobody claims. Kept within bounds.
import { MAX_DEAD_LETTER_BYTES, MAX_PAYLOAD_BYTES } from '@hearth/contracts';
import { BatchWriter } from './batch-writer.js';
import {
  MAX_DEAD_LETTER_TOPIC_LENGTH,
  MAX_KEPT_MESSAGE_BYTES,
  MAX_KEPT_MESSAGES,
  MAX_SAMPLE_BYTES,
  type IngestLimits,
} from './limits.js';
import {
  senderName,
  type IncomingMessage,
  type KnownDevice,
  type MessageSender,
} from './message.js';
import type {
  Announcer,
  DeadLetterDraft,
  DeadLetterStore,
  DiscoveredTopicStore,
  Scheduler,
  TopicSighting,
} from './ports.js';
import type { Refusal } from './refusal.js';

export interface InboxPorts {
  readonly deadLetters: DeadLetterStore;
  readonly discovered: DiscoveredTopicStore;
  readonly announcer: Announcer;
  readonly scheduler: Scheduler;
}

export class Inbox {
  readonly #limits: IngestLimits;
  readonly #letters: BatchWriter<DeadLetterDraft[]>;
  readonly #topics: BatchWriter<Map<string, TopicSighting>>;
  #gatheringTopics: Map<string, TopicSighting> | undefined;
  #waitingLetterBytes = 0;
  #waitingSampleBytes = 0;
  #droppedLetters = 0;
  #storedLetters = 0;
  #sightings = 0;
  #droppedSightings = 0;

  constructor({ deadLetters, discovered, announcer, scheduler }: InboxPorts, limits: IngestLimits) {
    this.#limits = limits;
    this.#letters = new BatchWriter(
      {
        open: (): DeadLetterDraft[] => [],
        commit: (letters) => deadLetters.store(letters),
        committed: (letters) => {
          this.#storedLetters += letters.length;
          for (const { payload } of letters) this.#waitingLetterBytes -= payload.length;
          announcer.deadLetters(letters.map(({ deviceId }) => deviceId));
        },
        failed: (error, attempt) => announcer.storeFailed('dead letters', error, attempt),
        recovered: () => announcer.storeRecovered('dead letters'),
        scheduler,
      },
      { ...limits, maxBatchRows: limits.maxBatchDeadLetters },
    );
    this.#topics = new BatchWriter(
      {
        open: () => (this.#gatheringTopics = new Map()),
        commit: (topics) => {
          if (this.#gatheringTopics === topics) this.#gatheringTopics = undefined;
          return discovered.store([...topics.values()]);
        },
        committed: (topics) => {
          for (const { recent } of topics.values()) {
            for (const { payload } of recent) this.#waitingSampleBytes -= payload.length;
          }
          announcer.discovered();
        },
        failed: (error, attempt) => announcer.storeFailed('discovered topics', error, attempt),
        recovered: () => announcer.storeRecovered('discovered topics'),
        scheduler,
      },
      // One batch waits at most: sightings of one topic are added up in it.
      { ...limits, maxBatchRows: Infinity },
    );
  }

  /** Refused messages whose bytes were not kept because too many waited. */
  get droppedLetters(): number {
    return this.#droppedLetters;
  }

  get droppedSightings(): number {
    return this.#droppedSightings;
  }

  /** Dead letters that were committed. */
  get storedLetters(): number {
    return this.#storedLetters;
  }

  /** Messages on topics that nobody claims, those that were dropped apart. */
  get sightings(): number {
    return this.#sightings;
  }

  /** Keeps a refused message in the list of the device `about`, if any; the promise resolves with its commit. */
  keepRefused(
    message: IncomingMessage,
    sender: MessageSender,
    about: KnownDevice | undefined,
    { step, code, detail }: Refusal,
  ): Promise<void> | undefined {
    if (this.#letters.waitingRows >= this.#limits.maxWaitingDeadLetters) {
      this.#droppedLetters += 1;
      return undefined;
    }
    const payload = this.#copyPayload(message.payload);
    const { batch, settled } = this.#letters.gather(1);
    batch.push({
      homeId: about?.homeId ?? sender.homeId,
      receivedAtMs: message.receivedAtMs,
      topic: message.topic.slice(0, MAX_DEAD_LETTER_TOPIC_LENGTH).toWellFormed(),
      deviceId: about?.id,
      principalId: senderName(sender),
      step,
      code,
      detail,
      payload,
      payloadBytes: message.payload.length,
    });
    return settled;
  }

  /** All of a payload that could ever be taken, as long as there is room: only what is whole can be replayed. */
  #copyPayload(payload: Buffer): Buffer {
    const isWhole =
      payload.length <= MAX_PAYLOAD_BYTES &&
      this.#waitingLetterBytes + payload.length <= this.#limits.maxWaitingLetterBytes;
    const copy = Buffer.from(isWhole ? payload : payload.subarray(0, MAX_DEAD_LETTER_BYTES));
    this.#waitingLetterBytes += copy.length;
    return copy;
  }

  /** Notes a message on a topic that nobody claims. */
  discover(message: IncomingMessage, sender: MessageSender): Promise<void> | undefined {
    const key = `${sender.homeId} ${message.topic}`;
    const isWaiting = this.#gatheringTopics?.has(key) === true;
    if (!isWaiting && this.#topics.waitingRows >= this.#limits.maxWaitingTopics) {
      this.#droppedSightings += 1;
      return undefined;
    }
    this.#sightings += 1;
    const { batch, settled } = this.#topics.gather(isWaiting ? 0 : 1);
    this.#keepWhole(note(batch, key, message, sender), message, sender);
    return settled;
  }

  /** When every message on a discovered topic that was noted so far is committed; undefined when it already is. */
  pendingTopics(): Promise<void> | undefined {
    return this.#topics.pending();
  }

  #keepWhole(
    { recent }: TopicSighting,
    { payload, receivedAtMs }: IncomingMessage,
    sender: MessageSender,
  ): void {
    const isRoom =
      payload.length <= MAX_KEPT_MESSAGE_BYTES &&
      this.#waitingSampleBytes + payload.length <= this.#limits.maxWaitingSampleBytes;
    if (!isRoom) return;
    if (recent.length >= MAX_KEPT_MESSAGES) {
      this.#waitingSampleBytes -= recent.shift()?.payload.length ?? 0;
    }
    this.#waitingSampleBytes += payload.length;
    recent.push({
      // A time of its own for each: it becomes the time of a reading.
      receivedAtMs: Math.max(receivedAtMs, (recent.at(-1)?.receivedAtMs ?? 0) + 1),
      principalId: senderName(sender),
      payload: Buffer.from(payload),
    });
  }

  async stop(): Promise<void> {
    await Promise.all([this.#letters.stop(), this.#topics.stop()]);
  }
}

function note(
  sightings: Map<string, TopicSighting>,
  key: string,
  { topic, receivedAtMs, payload }: IncomingMessage,
  sender: MessageSender,
): TopicSighting {
  const principalId = senderName(sender);
  const sample = Buffer.from(payload.subarray(0, MAX_SAMPLE_BYTES));
  const known = sightings.get(key);
  if (known === undefined) {
    const fresh: TopicSighting = {
      homeId: sender.homeId,
      topic,
      firstSeenAtMs: receivedAtMs,
      principalId,
      lastSeenAtMs: receivedAtMs,
      messages: 1,
      sample,
      recent: [],
    };
    sightings.set(key, fresh);
    return fresh;
  }
  known.principalId = principalId;
  known.lastSeenAtMs = receivedAtMs;
  known.messages += 1;
  known.sample = sample;
  return known;
}
