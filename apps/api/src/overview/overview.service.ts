// The home at a glance: newest values and presence out of memory, sparklines in one statement.
import { Inject, Injectable } from '@nestjs/common';
import type { HomeId, HomeOverview, LatestReading } from '@hearth/contracts';
import { TIER_MS } from '@hearth/history';
import { CLOCK, type Clock } from '../common/clock.js';
import { Directory, type RegisteredDevice } from '../directory/directory.js';
import { PresenceService } from '../presence/presence.service.js';
import { LatestReadings } from '../readings/latest-readings.js';
import { Slots } from '../readings/slots.js';
import { SparklineRepository } from './sparkline.repository.js';

/** Overviews that are read at once, and that wait: each asks for all series of the home. */
const MAX_OVERVIEWS_AT_ONCE = 2;
const MAX_OVERVIEWS_WAITING = 50;
/** Points of a sparkline: an hour each of a day, so that 200 series are a few thousand rows. */
const MAX_BUCKETS = 24;

@Injectable()
export class OverviewService {
  readonly #directory: Directory;
  readonly #presence: PresenceService;
  readonly #readings: LatestReadings;
  readonly #sparklines: SparklineRepository;
  readonly #clock: Clock;
  readonly #slots = new Slots(MAX_OVERVIEWS_AT_ONCE, MAX_OVERVIEWS_WAITING);

  constructor(
    directory: Directory,
    presence: PresenceService,
    readings: LatestReadings,
    sparklines: SparklineRepository,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#directory = directory;
    this.#presence = presence;
    this.#readings = readings;
    this.#sparklines = sparklines;
    this.#clock = clock;
  }

  /** The newest value of every series, by device. */
  latest(homeId: HomeId): { at: number; series: LatestReading[] } {
    const at = this.#clock.now();
    return { at, series: this.#devicesOf(homeId).flatMap(({ id }) => this.#latestOf(id, at)) };
  }

  /** Sparklines go back `hours`. Throws `TooBusy`. */
  async overview(homeId: HomeId, hours: number): Promise<HomeOverview> {
    const { at, series } = this.latest(homeId);
    const bucketMs = sparklineWidth(hours);
    const from = Math.floor((at - hours * TIER_MS.hour) / bucketMs) * bucketMs + bucketMs;
    const ids = series.filter(({ kind }) => kind !== 'text').map(({ id }) => id);
    const sparklines = await this.#slots.run(() =>
      this.#sparklines.list(ids, { fromMs: from, toMs: at }, bucketMs),
    );
    const devices = this.#devicesOf(homeId).map((device) => this.#tell(device));
    return {
      at,
      from,
      bucketMs,
      devices,
      offline: devices.filter((one) => one.presence?.state === 'offline').map(({ id }) => id),
      series: series.map((one) => ({ ...one, sparkline: sparklines.get(one.id) ?? [] })),
    };
  }

  #devicesOf(homeId: HomeId): RegisteredDevice[] {
    return this.#directory
      .listDevices()
      .filter((device) => device.homeId === homeId)
      .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
  }

  #latestOf(deviceId: RegisteredDevice['id'], at: number): LatestReading[] {
    return this.#readings.forDevice(deviceId).map((series) => ({
      ...series,
      deviceId,
      ageMs: series.latest === null ? null : at - series.latest.ts,
    }));
  }

  #tell({ id, name }: RegisteredDevice): HomeOverview['devices'][number] {
    const lastSeenMs = this.#presence.lastSeen(id);
    return {
      id,
      name,
      presence: this.#presence.current(id) ?? null,
      lastSeenAt: lastSeenMs === undefined ? null : new Date(lastSeenMs).toISOString(),
    };
  }
}

/** In milliseconds: at most `MAX_BUCKETS` of whole quarters of an hour. */
function sparklineWidth(hours: number): number {
  const quarters = Math.ceil((hours * TIER_MS.hour) / TIER_MS.quarter / MAX_BUCKETS);
  return quarters * TIER_MS.quarter;
}
