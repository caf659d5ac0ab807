// What days, weeks and months of a home say in one number.
import { Inject, Injectable } from '@nestjs/common';
import type { Aggregate, aggregateQuerySchema, HomeId } from '@hearth/contracts';
import {
  countedByPeriod,
  degreeHours,
  extremesByPeriod,
  integrate,
  localPeriods,
  meanOf,
  TIER_MS,
  type LocalPeriod,
} from '@hearth/history';
import type { z } from 'zod';
import { CLOCK, type Clock } from '../common/clock.js';
import { HomeService } from '../homes/home.service.js';
import { HomeSeriesRepository, type HomeSeries } from '../readings/home-series.repository.js';
import { Slots } from '../readings/slots.js';
import { storedRange } from '../readings/stored-range.js';
import { CourseService } from './course.service.js';
import { AggregateDoesNotFit } from './errors.js';

type Query = z.output<typeof aggregateQuerySchema>;
type OfKind<Kind extends Aggregate['kind']> = Extract<Aggregate, { kind: Kind }>;
/** What differs between the kinds of an answer. */
type Told<Kind extends Aggregate['kind']> = Omit<OfKind<Kind>, 'seriesId' | 'timeZone' | 'per'>;

/** Aggregates that are computed at once, and that wait: charts and ingestion need connections too. */
const MAX_AGGREGATES_AT_ONCE = 2;
const MAX_AGGREGATES_WAITING = 50;
/** How far before and after the range a meter's next reading is looked for: what it rose by in between is spread. Milliseconds. */
const METER_GAP_MS = 7 * 24 * 3_600_000;

/** Units of meters, which only rise. */
const METER_UNITS: ReadonlySet<string> = new Set(['kWh', 'Wh', 'MWh', 'm³', 'L']);
/** Units of power, and how many kilowatts one is. */
const KILOWATTS: ReadonlyMap<string, number> = new Map([
  ['W', 0.001],
  ['kW', 1],
]);

@Injectable()
export class AggregateService {
  readonly #homes: HomeService;
  readonly #series: HomeSeriesRepository;
  readonly #courses: CourseService;
  readonly #clock: Clock;
  readonly #slots = new Slots(MAX_AGGREGATES_AT_ONCE, MAX_AGGREGATES_WAITING);

  constructor(
    homes: HomeService,
    series: HomeSeriesRepository,
    courses: CourseService,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#homes = homes;
    this.#series = series;
    this.#courses = courses;
    this.#clock = clock;
  }

  /** Throws `SeriesNotFound`, `AggregateDoesNotFit`, `TooManyChanges` and `TooBusy`. */
  read(homeId: HomeId, seriesId: number, query: Query): Promise<Aggregate> {
    return this.#slots.run(async () => {
      const series = await this.#series.getOne(homeId, seriesId);
      const { timeZone } = await this.#homes.get(homeId);
      const range = storedRange(query.from, query.to, this.#clock.now());
      const periods = localPeriods(range, timeZone, query.per);
      const told = await this.#tell(series, periods, query);
      return { ...told, seriesId, timeZone, per: query.per };
    });
  }

  #tell(series: HomeSeries, periods: readonly LocalPeriod[], query: Query) {
    if (query.kind === 'degree-hours') return this.#degreeHours(series, periods, query);
    if (query.kind === 'duty-cycle') return this.#dutyCycle(series, periods, query);
    if (query.kind === 'daily') return this.#summarize(series, periods, query);
    return METER_UNITS.has(series.unit)
      ? this.#count(series, periods, query)
      : this.#addUp(series, periods, query);
  }

  async #count(
    series: HomeSeries,
    periods: readonly LocalPeriod[],
    { rollover }: Query,
  ): Promise<Told<'energy'>> {
    const { id, unit } = series;
    const tier = this.#courses.tierOf(series, periods);
    const rollups = await this.#courses.rollups(id, periods, METER_GAP_MS, tier);
    const amounts = countedByPeriod(rollups, periods, { widthMs: TIER_MS[tier], rollover });
    return {
      kind: 'energy',
      unit,
      from: tier,
      periods: ofEach(periods, amounts, (amount) => ({ amount })),
    };
  }

  async #addUp(
    series: HomeSeries,
    periods: readonly LocalPeriod[],
    { gap }: Query,
  ): Promise<Told<'energy'>> {
    const kilowatts = KILOWATTS.get(series.unit);
    if (kilowatts === undefined) throw new AggregateDoesNotFit('power (W) and meters (kWh, m³, L)');
    const { from, stretches } = await this.#courses.ofNumbers(series, periods, gap);
    return {
      kind: 'energy',
      unit: 'kWh',
      from,
      periods: ofEach(periods, integrate(stretches, periods), ({ coveredMs, valueHours }) => ({
        amount: coveredMs === 0 ? null : valueHours * kilowatts,
      })),
    };
  }

  async #degreeHours(
    series: HomeSeries,
    periods: readonly LocalPeriod[],
    { base, gap }: Query,
  ): Promise<Told<'degree-hours'>> {
    if (series.unit !== '°C') throw new AggregateDoesNotFit('temperatures');
    const { from, stretches } = await this.#courses.ofNumbers(series, periods, gap);
    return {
      kind: 'degree-hours',
      unit: 'Kh',
      base,
      from,
      periods: ofEach(
        periods,
        degreeHours(stretches, periods, base),
        ({ coveredMs, heating, cooling }, period) => ({
          covered: coveredShare(coveredMs, period),
          heating,
          cooling,
        }),
      ),
    };
  }

  async #dutyCycle(
    series: HomeSeries,
    periods: readonly LocalPeriod[],
    { on, gap }: Query,
  ): Promise<Told<'duty-cycle'>> {
    if (series.kind === 'number') throw new AggregateDoesNotFit('states');
    const { from, stretches } =
      series.kind === 'text'
        ? await this.#courses.ofTexts(series, periods, { on: new Set(on), gapSeconds: gap })
        : await this.#courses.ofNumbers(series, periods, gap);
    return {
      kind: 'duty-cycle',
      unit: '',
      from,
      periods: ofEach(periods, integrate(stretches, periods), (integral, period) => ({
        covered: coveredShare(integral.coveredMs, period),
        share: toShare(meanOf(integral)),
      })),
    };
  }

  async #summarize(
    series: HomeSeries,
    periods: readonly LocalPeriod[],
    { gap }: Query,
  ): Promise<Told<'daily'>> {
    if (series.kind === 'text') throw new AggregateDoesNotFit('numbers and states of on and off');
    const { from, stretches, rollups } = await this.#courses.ofNumbers(series, periods, gap);
    const means = integrate(stretches, periods);
    const extremes = extremesByPeriod(rollups, periods);
    return {
      kind: 'daily',
      unit: series.unit,
      from,
      periods: ofEach(periods, means, (integral, period, index) => ({
        covered: coveredShare(integral.coveredMs, period),
        mean: meanOf(integral),
        min: extremes[index]?.min ?? null,
        max: extremes[index]?.max ?? null,
        count: extremes[index]?.count ?? 0,
      })),
    };
  }
}

/** The periods as the answer has them, each with what is told of it. */
function ofEach<Result, Told>(
  periods: readonly LocalPeriod[],
  results: readonly Result[],
  tell: (result: Result, period: LocalPeriod, index: number) => Told,
): (Told & { date: string; from: number; to: number })[] {
  return periods.flatMap((period, index) => {
    const result = results[index];
    if (result === undefined) return [];
    const { date, startMs, endMs } = period;
    return [{ date, from: startMs, to: endMs, ...tell(result, period, index) }];
  });
}

const coveredShare = (coveredMs: number, { startMs, endMs }: LocalPeriod): number =>
  coveredMs / (endMs - startMs);

/** Sums of thousands of parts miss one by a hair. */
const toShare = (mean: number | null): number | null =>
  mean === null ? null : Math.min(1, Math.max(0, mean));
