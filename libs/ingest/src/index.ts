export { Ingest, type IngestCounts, type IngestPorts } from './ingest.js';
export { DEFAULT_LIMITS, type IngestLimits } from './limits.js';
export type { IncomingMessage, KnownDevice, MessageSender } from './message.js';
export type {
  Announcer,
  DeadLetterDraft,
  DeadLetterStore,
  DeviceLookup,
  DiscoveredTopicStore,
  NewestReading,
  ReadingStore,
  Scheduler,
  TopicSighting,
} from './ports.js';
export { ReadingBatch } from './reading-batch.js';
export { REFUSAL_CODES, STEPS, type RefusalCode, type Step } from './refusal.js';
export type { ReplayOutcome } from './replay.js';
export { SeriesBook, type SavedSeries } from './series-book.js';
export { Series } from './series.js';
