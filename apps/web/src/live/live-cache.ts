// Writes live frames into the query cache, at most once per painted frame. Cards read the cache and do
// not know that their data is live.
import type { Command, Device, History, LiveMessage } from '@hearth/contracts';
import type { QueryClient } from '@tanstack/react-query';
import { queryKeys } from '../api/query-keys';
import { upsertCommand } from '../features/commands/model';
import { appendReading } from '../features/readings/model';
import { applyToDevices, gather, mentionsUnknown, noChanges } from './apply-live';
import { adjustServerClock, serverNow } from './server-clock';

/** Pause between two writes while nobody looks: a hidden page paints no frames. In milliseconds. */
const HIDDEN_FLUSH_MS = 1_000;

export class LiveCache {
  readonly #queries: QueryClient;
  #pending = noChanges();
  #scheduled = false;
  #welcomed = false;

  constructor(queries: QueryClient) {
    this.#queries = queries;
  }

  take(message: LiveMessage): void {
    if (message.event === 'welcome') this.#welcome(message.data.serverTime);
    gather(this.#pending, message);
    if (this.#scheduled) return;
    this.#scheduled = true;
    const flush = () => this.#flush();
    if (document.visibilityState === 'hidden') setTimeout(flush, HIDDEN_FLUSH_MS);
    else requestAnimationFrame(flush);
  }

  /** The first welcome follows the first fetch; every later one follows a time that we did not hear. */
  #welcome(serverTime: number): void {
    adjustServerClock(serverTime);
    if (this.#welcomed) void this.#queries.invalidateQueries();
    this.#welcomed = true;
  }

  #flush(): void {
    const pending = this.#pending;
    this.#pending = noChanges();
    this.#scheduled = false;
    this.#writeDevices(pending);
    for (const reading of pending.readings.values()) {
      this.#queries.setQueriesData<History>(
        { queryKey: queryKeys.history(reading.seriesId), predicate: followsNow },
        (history) => history && appendReading(history, reading.ts, reading.value),
      );
    }
    for (const command of pending.commands.values()) {
      this.#queries.setQueryData<Command[]>(queryKeys.commands(command.deviceId), (commands) =>
        upsertCommand(commands ?? [], command),
      );
    }
    for (const { deviceId } of pending.presence.values()) {
      this.#refetch(queryKeys.presence(deviceId));
    }
    if (pending.presence.size > 0) this.#refetch(queryKeys.simulator);
    if (pending.health !== undefined) this.#queries.setQueryData(queryKeys.health, pending.health);
    if (pending.ingest !== undefined) {
      this.#queries.setQueryData(queryKeys.ingestStats, pending.ingest);
    }
    for (const { what, deviceId } of pending.changed.values()) {
      for (const key of KEYS_OF[what]) this.#refetch(key);
      if (what === 'devices' && deviceId !== null) {
        this.#refetch(queryKeys.presence(deviceId));
        this.#refetch(queryKeys.clock(deviceId));
      }
    }
  }

  #writeDevices(pending: ReturnType<typeof noChanges>): void {
    const devices = this.#queries.getQueryData<readonly Device[]>(queryKeys.devices);
    if (devices === undefined) return;
    const next = applyToDevices(devices, pending, new Date(serverNow()).toISOString());
    if (next !== devices) this.#queries.setQueryData(queryKeys.devices, next);
    if (mentionsUnknown(devices, pending)) this.#refetch(queryKeys.devices);
  }

  #refetch(queryKey: readonly unknown[]): void {
    void this.#queries.invalidateQueries({ queryKey: [...queryKey] });
  }
}

/** Histories whose right edge is now have a range name; zoomed ones name their two ends. */
function followsNow(query: { queryKey: readonly unknown[] }): boolean {
  return !String(query.queryKey[2]).includes('..');
}

type What = Extract<LiveMessage, { event: 'changed' }>['data']['what'];

/** Which answers a change makes old. */
const KEYS_OF: Readonly<Record<What, readonly (readonly unknown[])[]>> = {
  devices: [queryKeys.devices, queryKeys.rooms, queryKeys.unknownMetrics],
  rooms: [queryKeys.rooms, queryKeys.devices],
  home: [queryKeys.me],
  integrations: [queryKeys.integrations],
  discovered: [queryKeys.discovered],
  mappings: [queryKeys.mappings],
  'dead-letters': [queryKeys.deadLetters()],
  simulator: [queryKeys.simulator],
};
