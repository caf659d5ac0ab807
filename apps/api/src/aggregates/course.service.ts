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
import { HistoryRepository } from '../readings/history.repository.js';
import type { HomeSeries } from '../readings/home-series.repository.js';
import { wholeBuckets, type Range } from '../readings/range.js';
import { RawReadings } from '../readings/raw-readings.repository.js';
import { SeriesRollupRepository, type ShortTier } from '../readings/series-rollup.repository.js';
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

/** The coarsest tier that no period cuts. Not a day: a mean over one says too little of what it was the mean of. */
export function tierOf(periods: readonly LocalPeriod[]): ShortTier {
  return tierOfPeriods(periods, ['hour']) === 'hour' ? 'hour' : 'quarter';
}

@Injectable()
export class CourseService {
  readonly #readings: RawReadings;
  readonly #rollups: SeriesRollupRepository;
  readonly #history: HistoryRepository;
  readonly #clock: Clock;

  constructor(
    readings: RawReadings,
    rollups: SeriesRollupRepository,
    history: HistoryRepository,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#readings = readings;
    this.#rollups = rollups;
    this.#history = history;
    this.#clock = clock;
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
    { id, kind }: HomeSeries,
    periods: readonly LocalPeriod[],
    gapSeconds: number | undefined,
  ): Promise<CourseOfNumbers> {
    const gapMs = gapSeconds === undefined ? LONGEST_GAP_MS : gapSeconds * 1_000;
    const tier = tierOf(periods);
    const rollups = await this.rollups(id, periods, gapMs, tier);
    if (rollups.reduce((sum, { count }) => sum + count, 0) > MAX_READINGS) {
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
}

function around(periods: readonly LocalPeriod[], aroundMs: number): Range {
  const [fromMs, toMs] = [periods[0]?.startMs ?? 0, periods.at(-1)?.endMs ?? 0];
  return { fromMs: fromMs - aroundMs, toMs: toMs + aroundMs };
}
