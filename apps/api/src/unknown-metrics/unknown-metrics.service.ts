// What devices send that the catalogue does not know: metrics, and units that they declare.
import { Injectable } from '@nestjs/common';
import {
  METRICS,
  type HomeId,
  type UnknownMetric,
  type UnknownMetrics,
  type UnknownUnit,
} from '@hearth/contracts';
import { SeriesBook } from '@hearth/ingest';
import { auditOf } from '../audit/audit-entry.js';
import type { Actor } from '../auth/access.js';
import { Directory } from '../directory/directory.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { HomeSeriesRepository, type HomeSeries } from '../readings/home-series.repository.js';
import { HasNoUnit, UnitIsSaid } from './errors.js';
import { suggestMetric } from './suggest-metric.js';
import { UnknownMetricRepository, type UnknownSeries } from './unknown-metric.repository.js';
import { listUnknownUnits } from './unknown-units.js';

/** Series that one answer looks at: what a home with hundreds of odd devices has, and a list that can be read. */
const MAX_SERIES = 2_000;
/** Units that one answer lists. */
const MAX_UNITS = 200;

@Injectable()
export class UnknownMetricsService {
  readonly #repository: UnknownMetricRepository;
  readonly #series: HomeSeriesRepository;
  readonly #book: SeriesBook;
  readonly #directory: Directory;
  readonly #events: HearthEventBus;

  constructor(
    repository: UnknownMetricRepository,
    series: HomeSeriesRepository,
    book: SeriesBook,
    directory: Directory,
    events: HearthEventBus,
  ) {
    this.#repository = repository;
    this.#series = series;
    this.#book = book;
    this.#directory = directory;
    this.#events = events;
  }

  async list(homeId: HomeId): Promise<UnknownMetrics> {
    const rows = await this.#repository.list(homeId, MAX_SERIES + 1);
    const byMetric = new Map<string, UnknownSeries[]>();
    for (const row of rows.slice(0, MAX_SERIES)) {
      const known = byMetric.get(row.metric);
      if (known === undefined) byMetric.set(row.metric, [row]);
      else known.push(row);
    }
    return {
      items: [...byMetric].map(([metric, series]) => this.#describe(metric, series)),
      isCut: rows.length > MAX_SERIES,
      units: this.#listUnits(homeId),
    };
  }

  /** Throws `SeriesNotFound`, `HasNoUnit` or `UnitIsSaid`. The values stay as they are: they were in it all along. */
  async setUnit(homeId: HomeId, actor: Actor, id: number, unit: string): Promise<HomeSeries> {
    const series = await this.#series.getOne(homeId, id);
    if (series.kind !== 'number' || METRICS.has(series.metric)) throw new HasNoUnit();
    const { deviceId, metric } = series;
    const kept = this.#book.find(deviceId, metric);
    const said = series.unit || kept?.unit;
    if (said) throw new UnitIsSaid(said);
    const audit = auditOf(actor, 'series.unit-set', deviceId, { metric, unit });
    if (!(await this.#repository.setUnit(id, unit, audit))) {
      throw new UnitIsSaid((await this.#series.getOne(homeId, id)).unit);
    }
    // A message that came meanwhile may have said its own, and its commit writes that.
    if (kept?.unit === '') kept.unit = unit;
    this.#events.emit('changed', { what: 'devices', deviceId });
    return { ...series, unit };
  }

  #describe(metric: string, rows: readonly UnknownSeries[]): UnknownMetric {
    const series = rows.map(({ id, deviceId, unit, kind, createdAt }) => {
      const kept = this.#book.find(deviceId, metric);
      const isHeard = kept !== undefined && kept.latestTs > -Infinity;
      return {
        id,
        deviceId,
        kind,
        unit,
        firstSeenAt: createdAt.toISOString(),
        latest: isHeard ? { ts: kept.latestTs, value: kept.latestValue } : null,
      };
    });
    series.sort((a, b) => (b.latest?.ts ?? 0) - (a.latest?.ts ?? 0));
    const suggestions = new Set(rows.map(({ kind, unit }) => suggestMetric(metric, kind, unit)));
    const [suggestion] = suggestions;
    return { metric, suggestion: suggestions.size === 1 ? (suggestion ?? null) : null, series };
  }

  #listUnits(homeId: HomeId): UnknownUnit[] {
    const found: UnknownUnit[] = [];
    for (const { id, homeId: home, info } of this.#directory.listDevices()) {
      if (home !== homeId) continue;
      found.push(...listUnknownUnits(id, info, (metric) => this.#book.find(id, metric)?.unit));
      if (found.length >= MAX_UNITS) break;
    }
    return found.slice(0, MAX_UNITS);
  }
}
