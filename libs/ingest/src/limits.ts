// Every bound of the pipeline: default, unit, reason. What a single payload may hold is in contracts.

export interface IngestLimits {
  /** Rows of one commit. More do not make the insert faster, and the next batch gathers while this one is committed. */
  readonly maxBatchRows: number;
  /** Rows waiting for a commit. Beyond it QoS 0 is dropped and counted; QoS 1 and 2 wait unacknowledged. */
  readonly maxWaitingRows: number;
  /**
   * Rows waiting for a commit at the very most, about 24 bytes each. Unacknowledged messages are bounded
   * by each client's window, but clients are many: beyond it QoS 1 and 2 are refused, not acknowledged.
   */
  readonly maxHeldRows: number;
  /** Series of one device. A device that invents metric names must not fill the catalogue. */
  readonly maxSeriesPerDevice: number;
  /** Dead letters of one commit. */
  readonly maxBatchDeadLetters: number;
  /** Dead letters waiting. Beyond it a refusal is counted and acknowledged, but its bytes are not kept. */
  readonly maxWaitingDeadLetters: number;
  /** Bytes of dead letters waiting. Beyond it only the first MAX_DEAD_LETTER_BYTES of a payload are kept. */
  readonly maxWaitingLetterBytes: number;
  /** Discovered topics waiting; messages on one topic share an entry. Beyond it they are counted as dropped. */
  readonly maxWaitingTopics: number;
  /** Bytes of messages of discovered topics that wait. Beyond it they are counted and sampled, but not kept whole. */
  readonly maxWaitingSampleBytes: number;
  /** Messages that wait for the device that a mapping makes for them. Beyond it QoS 0 is dropped, the others are refused. */
  readonly maxWaitingForDevices: number;
  /** First pause before a commit is tried again, milliseconds; it doubles up to the next limit. */
  readonly firstRetryMs: number;
  /** Longest pause before a commit is tried again, milliseconds. */
  readonly longestRetryMs: number;
}

export const DEFAULT_LIMITS: IngestLimits = {
  maxBatchRows: 5_000,
  maxWaitingRows: 100_000,
  maxHeldRows: 1_000_000,
  maxSeriesPerDevice: 256,
  maxBatchDeadLetters: 200,
  maxWaitingDeadLetters: 1_000,
  maxWaitingLetterBytes: 8 * 1024 * 1024,
  maxWaitingTopics: 1_000,
  maxWaitingSampleBytes: 8 * 1024 * 1024,
  maxWaitingForDevices: 1_000,
  firstRetryMs: 100,
  longestRetryMs: 5_000,
};

/**
 * How far a reading without `ts` may be moved on so that its time is its own, milliseconds. A device
 * may send this many readings of one metric in a burst; past it they are refused as too fast.
 */
export const MAX_STAMP_AHEAD_MS = 60_000;
/** Longest unit, in characters, as in `info`. */
export const MAX_UNIT_LENGTH = 16;
/** Longest topic that is kept as discovered, in bytes: the topic is a key, and a Postgres key has 2,700. */
export const MAX_DISCOVERED_TOPIC_BYTES = 1_024;
/** Bytes of the last payload that a discovered topic shows: the largest that common devices send whole. */
export const MAX_SAMPLE_BYTES = 4_096;
/** Messages of a discovered topic that are kept, to become readings once it is adopted. */
export const MAX_KEPT_MESSAGES = 20;
/** Largest of them, in bytes. */
export const MAX_KEPT_MESSAGE_BYTES = 16 * 1024;
/**
 * Characters of a topic that a dead letter keeps. One more than any topic has that could be taken: a topic that was cut
 * is refused for its length again, and never taken for another.
 */
export const MAX_DEAD_LETTER_TOPIC_LENGTH = MAX_DISCOVERED_TOPIC_BYTES + 1;
