// What could not be stored as a reading: refused messages, topics that nobody claims. Kept within bounds.
import { MAX_DEAD_LETTER_BYTES, MAX_PAYLOAD_BYTES } from '@hearth/contracts';
import { BatchWriter } from './batch-writer.js';
import { MAX_DEAD_LETTER_TOPIC_LENGTH, MAX_SAMPLE_BYTES, type IngestLimits } from './limits.js';
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
  #droppedLetters = 0;
  #droppedSightings = 0;

  constructor({ deadLetters, discovered, announcer, scheduler }: InboxPorts, limits: IngestLimits) {
    this.#limits = limits;
    this.#letters = new BatchWriter(
      {
        open: (): DeadLetterDraft[] => [],
        commit: (letters) => deadLetters.store(letters),
        committed: (letters) => {
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
        committed: () => announcer.discovered(),
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
    const { batch, settled } = this.#topics.gather(isWaiting ? 0 : 1);
    note(batch, key, message, sender);
    return settled;
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
): void {
  const principalId = senderName(sender);
  const sample = Buffer.from(payload.subarray(0, MAX_SAMPLE_BYTES));
  const known = sightings.get(key);
  if (known === undefined) {
    sightings.set(key, {
      homeId: sender.homeId,
      topic,
      firstSeenAtMs: receivedAtMs,
      principalId,
      lastSeenAtMs: receivedAtMs,
      messages: 1,
      sample,
    });
    return;
  }
  known.principalId = principalId;
  known.lastSeenAtMs = receivedAtMs;
  known.messages += 1;
  known.sample = sample;
}
