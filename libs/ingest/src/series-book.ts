// Every known series by device and metric. The memory behind identity, kinds, newest values; bounded per device.
import {
  findConversion,
  METRICS,
  type DeviceId,
  type InfoPayload,
  type MetricKind,
} from '@hearth/contracts';
import { Series } from './series.js';

/** A series as the database knows it. */
export interface SavedSeries {
  readonly id: number;
  readonly deviceId: DeviceId;
  readonly metric: string;
  readonly kind: MetricKind;
  readonly unit: string;
  /** Newest stored value; `ts` is epoch milliseconds. */
  readonly latest: { readonly ts: number; readonly value: number | string } | undefined;
}

export class SeriesBook {
  readonly #devices = new Map<string, Map<string, Series>>();
  readonly #declaredUnits = new Map<string, ReadonlyMap<string, string>>();
  /** By home. */
  readonly #keptFromMs = new Map<string, number>();
  /** Series that one device may have. */
  readonly maxPerDevice: number;

  constructor(maxPerDevice: number) {
    this.maxPerDevice = maxPerDevice;
  }

  /** Enters a series that has a row. */
  load(saved: SavedSeries): void {
    const { id, deviceId, metric, kind, unit, latest } = saved;
    const series = new Series(id, deviceId, metric, kind, unit, true);
    if (latest !== undefined) {
      series.latestTs = latest.ts;
      series.latestValue = latest.value;
      series.newestTs = latest.ts;
      if (typeof latest.value === 'string') {
        series.newestText = latest.value;
        series.writtenTextTs = latest.ts;
      }
    }
    this.#enter(series);
  }

  find(deviceId: string, metric: string): Series | undefined {
    return this.#devices.get(deviceId)?.get(metric);
  }

  list(deviceId: string): Series[] {
    return [...(this.#devices.get(deviceId)?.values() ?? [])];
  }

  /** A new series, without a row yet; undefined when the device has as many as it may. */
  create(deviceId: DeviceId, metric: string, kind: MetricKind): Series | undefined {
    if ((this.#devices.get(deviceId)?.size ?? 0) >= this.maxPerDevice) return undefined;
    const known = METRICS.get(metric);
    const unit = known?.unit ?? this.#declaredUnits.get(deviceId)?.get(metric) ?? '';
    const series = new Series(0, deviceId, metric, kind, unit, false);
    this.#enter(series);
    return series;
  }

  /** Takes back a series that `create` made for a message that was then refused. */
  discard(series: Series): void {
    const metrics = this.#devices.get(series.deviceId);
    if (metrics?.get(series.metric) !== series) return;
    metrics.delete(series.metric);
    if (metrics.size === 0) this.#devices.delete(series.deviceId);
  }

  /** The device is gone, and its series with it. */
  forget(deviceId: string): void {
    this.#devices.delete(deviceId);
    this.#declaredUnits.delete(deviceId);
  }

  /** The home keeps no readings of before `fromMs`, epoch milliseconds: they are refused from now on. */
  keepFrom(homeId: string, fromMs: number): void {
    this.#keptFromMs.set(homeId, fromMs);
  }

  /** Epoch milliseconds; what was read before is refused. */
  keptFrom(homeId: string): number {
    return this.#keptFromMs.get(homeId) ?? -Infinity;
  }

  /** The units that a device's `info` names hold for its values that come without one. */
  declareUnits(deviceId: string, info: InfoPayload): void {
    const units = new Map<string, string>();
    for (const { name, unit } of info.metrics ?? []) {
      if (unit !== undefined && unit !== '') units.set(name, unit);
    }
    this.#declaredUnits.set(deviceId, units);
    for (const series of this.list(deviceId)) this.#declare(series);
  }

  #enter(series: Series): void {
    let metrics = this.#devices.get(series.deviceId);
    if (metrics === undefined) this.#devices.set(series.deviceId, (metrics = new Map()));
    metrics.set(series.metric, series);
    this.#declare(series);
  }

  #declare(series: Series): void {
    const declared = this.#declaredUnits.get(series.deviceId)?.get(series.metric);
    series.declared = undefined;
    if (declared === undefined || series.kind !== 'number') return;
    if (series.unit === '') {
      series.unit = declared;
      series.saved = false;
    }
    // A unit that nobody can convert is not believed: the values count as canonical, as without `info`.
    const conversion = findConversion(declared, series.unit);
    if (conversion !== undefined && declared !== series.unit) series.declared = conversion;
  }
}
