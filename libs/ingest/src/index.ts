export { arrivalIn, clockOffset, type ClockStretch } from './clock-stretch.js';
export type { HistogramCounts } from './histogram.js';
export { Ingest, type IngestPorts } from './ingest.js';
export type { IngestCounts } from './ingest-meter.js';
export { DEFAULT_LIMITS, MAX_KEPT_MESSAGES, type IngestLimits } from './limits.js';
export type { IncomingMessage, KnownDevice, MessageSender } from './message.js';
export {
  compileMapping,
  mappingMatches,
  MappingBook,
  type CompiledMapping,
  type MappingSource,
} from './mapping-book.js';
export type {
  Announcer,
  DeadLetterDraft,
  DeadLetterStore,
  DeviceLookup,
  DeviceMaker,
  KeptMessage,
  DiscoveredTopicStore,
  NewestReading,
  ReadingStore,
  Scheduler,
  TopicSighting,
  WantedDevice,
} from './ports.js';
export { ReadingBatch } from './reading-batch.js';
export { Refusal, REFUSAL_CODES, STEPS, type RefusalCode, type Step } from './refusal.js';
export type { ReplayOutcome } from './replay.js';
export type { Trial } from './trial.js';
export { SeriesBook, type SavedSeries } from './series-book.js';
export { Series } from './series.js';
