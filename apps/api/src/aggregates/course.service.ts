// How a series went in a range of whole periods. From single readings where they are few enough, which is exact for any rhythm;
// else from roll-ups, whose mean is taken for the mean over time.
import { Inject, Injectable } from '@nestjs/common';
import type { Aggregate } from '@hearth/contracts';
import {
  heldStretches,
  measuredStretches,
  rolledUpStretches,
  tierOfPeriods,
  TIER_MS,
  type LocalPeriod,
  type Rollup,
  type Stretch,
} from '@hearth/history';
import { CLOCK, type Clock } from '../common/clock.js';
import { Directory } from '../directory/directory.js';
import { HistoryRepository } from '../readings/history.repository.js';
import type { HomeSeries } from '../readings/home-series.repository.js';
import { wholeBuckets, type Range } from '../readings/range.js';
import { RawReadings } from '../readings/raw-readings.repository.js';
import { SeriesRollupRepository, type ShortTier } from '../readings/series-rollup.repository.js';
import { Horizons } from '../retention/horizons.js';
import { TooManyChanges } from './errors.js';

/** Most readings that are looked at one by one: two months at one a minute, read in a fraction of a second. */
const MAX_READINGS = 100_000;
/** Most changes of a text that are looked at. */
const MAX_CHANGES = 50_000;
/** Between two readings further apart than this nothing is known: a battery sensor reports at least hourly. Milliseconds. */
const LONGEST_GAP_MS = 3_600_000;
/** A text is stored only when it changes, so that a silence says little; but nothing heats for a day on end. Milliseconds. */
const LONGEST_STATE_MS = 24 * 3_600_000;

export interface Course {
  readonly from: Aggregate['from'];
  /** In the order of time; to be walked once. */
  readonly stretches: Iterable<Stretch>;
}

export interface CourseOfNumbers extends Course {
  /** Of a tier that no period cuts, a little more than the range. */
  readonly rollups: readonly Rollup[];
}

@Injectable()
export class CourseService {
  readonly #readings: RawReadings;
  readonly #rollups: SeriesRollupRepository;
  readonly #history: HistoryRepository;
  readonly #directory: Directory;
  readonly #horizons: Horizons;
  readonly #clock: Clock;

  constructor(
    readings: RawReadings,
    rollups: SeriesRollupRepository,
    history: HistoryRepository,
    directory: Directory,
    horizons: Horizons,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#readings = readings;
    this.#rollups = rollups;
    this.#history = history;
    this.#directory = directory;
    this.#horizons = horizons;
    this.#clock = clock;
  }

  /**
   * The coarsest tier that no period cuts, or hours where nothing finer is kept. Not a day: a mean over one says too little
   * of what it was the mean of.
   */
  tierOf(series: HomeSeries, periods: readonly LocalPeriod[]): ShortTier {
    if (this.#hasLostDetail(series, periods)) return 'hour';
    return tierOfPeriods(periods, ['hour']) === 'hour' ? 'hour' : 'quarter';
  }

  /** Roll-ups of the periods and of `aroundMs` before and after them. */
  rollups(
    seriesId: number,
    periods: readonly LocalPeriod[],
    aroundMs: number,
    tier: ShortTier,
  ): Promise<Rollup[]> {
    const range = wholeBuckets(around(periods, aroundMs), TIER_MS[tier]);
    return this.#rollups.list(seriesId, range, tier);
  }

  /** Of a number the way from one reading to the next; a boolean stays as it is until then. */
  async ofNumbers(
    series: HomeSeries,
    periods: readonly LocalPeriod[],
    gapSeconds: number | undefined,
  ): Promise<CourseOfNumbers> {
    const gapMs = gapSeconds === undefined ? LONGEST_GAP_MS : gapSeconds * 1_000;
    const { id, kind } = series;
    const tier = this.tierOf(series, periods);
    const rollups = await this.rollups(id, periods, gapMs, tier);
    const readingCount = rollups.reduce((sum, { count }) => sum + count, 0);
    if (readingCount > MAX_READINGS || this.#hasLostDetail(series, periods)) {
      return { from: tier, stretches: rolledUpStretches(rollups, TIER_MS[tier], gapMs), rollups };
    }
    const rows = await this.#readings.list(id, around(periods, gapMs), MAX_READINGS);
    const readings = { ts: rows.map(({ ts }) => ts), values: rows.map(({ value }) => value) };
    const stretches =
      kind === 'boolean'
        ? heldStretches(readings, gapMs, this.#clock.now())
        : measuredStretches(readings, gapMs);
    return { from: 'readings', stretches, rollups };
  }

  /** 1 while the text is one of `on`, else 0. Throws `TooManyChanges`. */
  async ofTexts(
    { id }: HomeSeries,
    periods: readonly LocalPeriod[],
    { on, gapSeconds }: { on: ReadonlySet<string>; gapSeconds: number | undefined },
  ): Promise<Course> {
    const gapMs = gapSeconds === undefined ? LONGEST_STATE_MS : gapSeconds * 1_000;
    const changes = await this.#history.listChanges(id, around(periods, gapMs), MAX_CHANGES);
    if (changes.length >= MAX_CHANGES) throw new TooManyChanges();
    const states = {
      ts: changes.map(({ ts }) => ts),
      values: changes.map(({ value }) => Number(on.has(value))),
    };
    return { from: 'readings', stretches: heldStretches(states, gapMs, this.#clock.now()) };
  }

  /** Whether readings of the periods may have been removed. */
  #hasLostDetail({ deviceId }: HomeSeries, periods: readonly LocalPeriod[]): boolean {
    const homeId = this.#directory.findDevice(deviceId)?.homeId;
    const fromMs = periods[0]?.startMs ?? Infinity;
    return homeId !== undefined && fromMs < this.#horizons.of(homeId).detailFromMs;
  }
}

function around(periods: readonly LocalPeriod[], aroundMs: number): Range {
  const [fromMs, toMs] = [periods[0]?.startMs ?? 0, periods.at(-1)?.endMs ?? 0];
  return { fromMs: fromMs - aroundMs, toMs: toMs + aroundMs };
}
