// How long a home keeps its history, and what that takes on disk.
import { Inject, Injectable } from '@nestjs/common';
import type {
  HomeId,
  HomeRetention,
  RetentionChange,
  RetentionField,
  RetentionPreview,
  RetentionSettings,
} from '@hearth/contracts';
import { TIER_MS } from '@hearth/history';
import { auditOf } from '../audit/audit-entry.js';
import type { Actor } from '../auth/access.js';
import { CLOCK, type Clock } from '../common/clock.js';
import { defined } from '../common/defined.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { cutsOf } from './cuts.js';
import { CoarserKeptShorter } from './errors.js';
import { Expiry } from './expiry.service.js';
import { HomeRetentionRepository } from './home-retention.repository.js';
import { Horizons } from './horizons.js';
import { StorageGauge } from './storage-gauge.js';
import { bytesBefore, forecast } from './storage-forecast.js';

const FIELDS: readonly RetentionField[] = [
  'fullDetailDays',
  'hourlyDays',
  'dailyDays',
  'stateDays',
  'eventDays',
];
/** The finer of two, in words, and the coarser that is kept at least as long. */
const LADDER = [
  ['fullDetailDays', 'full detail', 'hourlyDays'],
  ['hourlyDays', 'each hour', 'dailyDays'],
] as const;

@Injectable()
export class HomeRetentionService {
  readonly #retention: HomeRetentionRepository;
  readonly #gauge: StorageGauge;
  readonly #expiry: Expiry;
  readonly #horizons: Horizons;
  readonly #events: HearthEventBus;
  readonly #clock: Clock;
  /** Homes of which something was being removed when they were asked for last. */
  readonly #shrinking = new Set<HomeId>();

  constructor(
    retention: HomeRetentionRepository,
    gauge: StorageGauge,
    expiry: Expiry,
    horizons: Horizons,
    events: HearthEventBus,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#retention = retention;
    this.#gauge = gauge;
    this.#expiry = expiry;
    this.#horizons = horizons;
    this.#events = events;
    this.#clock = clock;
  }

  async describe(homeId: HomeId): Promise<HomeRetention> {
    const removal = this.#expiry.removalOf(homeId);
    if (removal !== null) this.#shrinking.add(homeId);
    else if (this.#shrinking.delete(homeId)) this.#gauge.forget(homeId);
    const settings = await this.#retention.getSettings(homeId);
    const { parts, oldest, readingsPerHour } = await this.#gauge.read(homeId);
    const of = (setting: RetentionField): HomeRetention['stored']['by'][RetentionField] => ({
      bytes: sum(parts.filter((part) => part.setting === setting).map(({ bytes }) => bytes)),
      oldest: oldest.get(setting) ?? null,
    });
    const { detailFromMs } = this.#horizons.of(homeId);
    return {
      settings,
      stored: {
        bytes: sum(parts.map(({ bytes }) => bytes)),
        by: {
          fullDetailDays: of('fullDetailDays'),
          hourlyDays: of('hourlyDays'),
          dailyDays: of('dailyDays'),
          stateDays: of('stateDays'),
          eventDays: of('eventDays'),
        },
      },
      readingsPerHour,
      forecast: readingsPerHour === null ? null : forecast(parts, settings),
      detailFrom: Number.isFinite(detailFromMs) ? detailFromMs : null,
      removal,
    };
  }

  /** What a change would come to. Throws `CoarserKeptShorter`. */
  async preview(homeId: HomeId, change: RetentionChange): Promise<RetentionPreview> {
    const before = await this.#retention.getSettings(homeId);
    const settings = { ...before, ...defined(change) };
    assertLadder(settings);
    const { parts, oldest, readingsPerHour } = await this.#gauge.read(homeId);
    const nowMs = this.#clock.now();
    const [was, cuts] = [cutsOf(before, nowMs), cutsOf(settings, nowMs)];
    const removes = FIELDS.flatMap((setting) => {
      const cut = cuts[setting];
      if (cut <= was[setting] || (oldest.get(setting) ?? Infinity) >= cut) return [];
      const daysAgo = (nowMs - cut) / TIER_MS.day;
      const of = parts.filter((part) => part.setting === setting);
      const bytes = sum(of.map((part) => bytesBefore(part, daysAgo)));
      return [{ setting, before: cut, bytes }];
    });
    return {
      settings,
      forecast: readingsPerHour === null ? null : forecast(parts, settings),
      removes,
    };
  }

  /** What is too old by then is removed in the background. Throws `CoarserKeptShorter`. */
  async change(homeId: HomeId, change: RetentionChange, actor: Actor): Promise<HomeRetention> {
    const before = await this.#retention.getSettings(homeId);
    const settings = { ...before, ...defined(change) };
    assertLadder(settings);
    const audit = auditOf(actor, 'home.retention-changed', homeId, { ...settings });
    await this.#retention.save(homeId, settings, audit);
    this.#expiry.restart();
    this.#events.emit('changed', { what: 'home', deviceId: null });
    return this.describe(homeId);
  }
}

/** A chart of long ago is drawn from what is coarser: there must be that for as long as what is finer. */
function assertLadder(settings: RetentionSettings): void {
  for (const [finer, words, coarser] of LADDER) {
    const finerDays = settings[finer];
    if ((finerDays ?? Infinity) <= (settings[coarser] ?? Infinity)) continue;
    throw new CoarserKeptShorter(coarser, words, finerDays);
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
