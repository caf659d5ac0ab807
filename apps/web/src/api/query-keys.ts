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
  commands: (deviceId: string) => ['commands', deviceId],
  deadLetters: (deviceId?: string) =>
    deviceId === undefined ? ['dead-letters'] : ['dead-letters', deviceId],
  discovered: ['discovered'],
  integrations: ['integrations'],
  simulator: ['simulator'],
  health: ['health'],
  ingestStats: ['ingest-stats'],
  brokerStats: ['broker-stats'],
} as const;
