// What the pipeline needs of the world. apps/api gives the real ones.
import type {
  DeviceId,
  DeviceKind,
  InfoPayload,
  ResponsePayload,
  StatePayload,
  StatusPayload,
} from '@hearth/contracts';
import type { CompiledMapping } from './mapping-book.js';
import type { KnownDevice } from './message.js';
import type { ReadingBatch } from './reading-batch.js';
import type { Refusal, RefusalCode, Step } from './refusal.js';

/** The registry, in memory: asked for every message. */
export interface DeviceLookup {
  findDevice(id: string): KnownDevice | undefined;
}

/** The mappings, in memory: asked for every message that is on no topic of ours. */
export interface MappingLookup {
  find(homeId: string, topic: string): CompiledMapping | undefined;
}

/** A device that a mapping wants, and that is not there. */
export interface WantedDevice {
  readonly id: DeviceId;
  readonly homeId: string;
  readonly kind: DeviceKind;
}

export interface DeviceMaker {
  /**
   * Registers the device, unless it is there by now. Resolves with why it may not, or nothing. Rejects when it may be
   * tried again.
   */
  make(device: WantedDevice): Promise<Refusal | undefined>;
}

export interface ReadingStore {
  /**
   * Commits the batch: makes rows for its unsaved series (setting their `id`), inserts the readings and
   * changes that are not there yet. Resolves with the number of rows inserted. Rejects when nothing
   * was committed and the same batch may be tried again. A batch that others joined may be empty.
   */
  store(batch: ReadingBatch): Promise<number>;
}

/** A message that was refused, with its payload, or the first bytes of it. */
export interface DeadLetterDraft {
  /** Of the device that it is about, else of who sent it. */
  readonly homeId: string;
  readonly receivedAtMs: number;
  readonly topic: string;
  /** Only of a registered device. */
  readonly deviceId: string | undefined;
  readonly principalId: string;
  readonly step: Step;
  readonly code: RefusalCode;
  readonly detail: string;
  readonly payload: Buffer;
  readonly payloadBytes: number;
}

export interface DeadLetterStore {
  /** Rejects when nothing was committed. */
  store(letters: readonly DeadLetterDraft[]): Promise<void>;
}

/** A message that waits for somebody to claim its topic. */
export interface KeptMessage {
  readonly receivedAtMs: number;
  readonly principalId: string;
  readonly payload: Buffer;
}

/** What was heard on a topic that no device claims, since the last commit. */
export interface TopicSighting {
  readonly homeId: string;
  readonly topic: string;
  readonly firstSeenAtMs: number;
  principalId: string;
  lastSeenAtMs: number;
  messages: number;
  /** The first bytes of the last payload. */
  sample: Buffer;
  /** The last messages, whole, the oldest first. No two have one time. */
  readonly recent: KeptMessage[];
}

export interface DiscoveredTopicStore {
  /** Rejects when nothing was committed. */
  store(sightings: readonly TopicSighting[]): Promise<void>;
}

/** Newest value of a series after its commit. `ts` is epoch milliseconds. */
export interface NewestReading {
  readonly seriesId: number;
  readonly deviceId: DeviceId;
  readonly metric: string;
  readonly ts: number;
  readonly value: number | string;
}

/** Who is told. Facts only; a listener's error must not come back. */
export interface Announcer {
  readings(readings: readonly NewestReading[]): void;
  status(fact: { deviceId: DeviceId; status: StatusPayload; will: boolean; atMs: number }): void;
  info(fact: { deviceId: DeviceId; info: InfoPayload }): void;
  state(fact: { deviceId: DeviceId; state: StatePayload; atMs: number }): void;
  response(fact: { deviceId: DeviceId; response: ResponsePayload; atMs: number }): void;
  /** A mapping took a message for a reading of the device; not yet committed. Called for each one. */
  spokenFor(fact: { deviceId: DeviceId; atMs: number }): void;
  /** Dead letters were committed. */
  deadLetters(deviceIds: readonly (string | undefined)[]): void;
  /** Discovered topics were committed. */
  discovered(): void;
  /** A commit failed and is tried again: nothing is acknowledged meanwhile. Called for each attempt. */
  storeFailed(what: string, error: unknown, attempt: number): void;
  /** It worked again. */
  storeRecovered(what: string): void;
}

/** When things happen: the event loop and the clock, injected for tests. */
export interface Scheduler {
  /** Epoch milliseconds. */
  now(): number;
  /** On the next turn of the event loop, after the sockets of this one were read. */
  soon(action: () => void): void;
  after(ms: number, action: () => void): void;
}
