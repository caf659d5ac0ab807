// Names of everything that the query cache holds, so that the live feed and the pages mean the same.
export const queryKeys = {
  me: ['me'],
  setup: ['setup'],
  devices: ['devices'],
  rooms: ['rooms'],
  /** All histories of a series; `range` names one of them. */
  history: (seriesId: number, range?: string) =>
    range === undefined ? ['history', seriesId] : ['history', seriesId, range],
  presence: (deviceId: string, range?: string) =>
    range === undefined ? ['presence', deviceId] : ['presence', deviceId, range],
  clock: (deviceId: string) => ['clock', deviceId],
  commands: (deviceId: string) => ['commands', deviceId],
  /** All that is known of refused messages; `parts` name one answer. */
  deadLetters: (...parts: readonly (string | object)[]) => ['dead-letters', ...parts],
  discovered: ['discovered'],
  mappings: ['mappings'],
  unknownMetrics: ['unknown-metrics'],
  integrations: ['integrations'],
  /** How long history is kept; `draft` names what a change would do. */
  retention: (draft?: object) => (draft === undefined ? ['retention'] : ['retention', draft]),
  simulator: ['simulator'],
  health: ['health'],
  ingestStats: ['ingest-stats'],
  brokerStats: ['broker-stats'],
} as const;
