// Readings as pages need them: sparklines, trends, ages. Pure: no React, no fetch, no clock.
import {
  DEVICE_KIND_DEFINITIONS,
  METRICS,
  type Bucket,
  type Device,
  type History,
  type Series,
} from '@hearth/contracts';

const HOUR_MS = 3_600_000;

/** A value older than this many of its device's intervals is old news. */
const STALE_INTERVALS = 2;
/** Interval assumed of a device that has not declared one, in seconds. */
const ASSUMED_INTERVAL_SECONDS = 300;
/** No value is called old before this age, in milliseconds: networks hiccup. */
const LEAST_STALE_MS = 30_000;

/** Metrics about the device itself or its control loop; they stay off the overview. */
const TECHNICAL: ReadonlySet<string> = new Set([
  'rssi',
  'uptime',
  'free_heap',
  'battery',
  'voltage',
  'current',
  'target_temperature',
  'thermostat_temperature',
  'heating',
  'cooling',
]);

export function isTechnical(metric: string): boolean {
  return TECHNICAL.has(metric);
}

/** Series in the order in which people care: the catalogue's, then the rest by name; technical ones last. */
export function inReadingOrder(series: readonly Series[]): Series[] {
  const names = [...METRICS.keys()];
  const rank = (metric: string) => {
    const known = names.indexOf(metric);
    return (isTechnical(metric) ? 1_000 : 0) + (known < 0 ? 500 : known);
  };
  return [...series].sort(
    (a, b) => rank(a.metric) - rank(b.metric) || a.metric.localeCompare(b.metric),
  );
}

/** The series of one device: what its kind is about first, then as everywhere. */
export function inDeviceOrder(device: Pick<Device, 'kind' | 'series'>): Series[] {
  const first = DEVICE_KIND_DEFINITIONS[device.kind].metrics;
  const rank = ({ metric }: Series) => {
    // A thermostat may call what it measures by where it measures it.
    const index = first.indexOf(metric === 'thermostat_temperature' ? 'temperature' : metric);
    return index < 0 ? first.length : index;
  };
  return inReadingOrder(device.series).sort((a, b) => rank(a) - rank(b));
}

/** True when a device that reports so often should have spoken again by now. */
export function isStale(ageMs: number, intervalSeconds: number | null): boolean {
  const interval = (intervalSeconds ?? ASSUMED_INTERVAL_SECONDS) * 1_000;
  return ageMs > Math.max(LEAST_STALE_MS, interval * STALE_INTERVALS);
}

/** True for readings that report a change, not a level: their age says how long, not how old. */
export function reportsChanges(series: Series): boolean {
  return series.kind !== 'number';
}

export type Trend = 'rising' | 'falling' | 'steady';

/** How much a metric must move within the hour to be called rising or falling, in its own unit. */
const TREND_THRESHOLDS: ReadonlyMap<string, number> = new Map([
  ['temperature', 0.3],
  ['outdoor_temperature', 0.4],
  ['humidity', 2],
  ['co2', 60],
  ['pressure', 1],
]);
/** Counters only ever rise: saying so would be noise. */
const WITHOUT_TREND: ReadonlySet<string> = new Set(['energy', 'uptime']);
/** Where the table says nothing: a part of the value itself. */
const TREND_SHARE = 0.05;

/** Direction over the last hour; undefined when there is no reading from around then. */
export function trendOf(
  metric: string,
  buckets: readonly Bucket[],
  latest: { ts: number; value: number },
): Trend | undefined {
  if (WITHOUT_TREND.has(metric)) return undefined;
  const wanted = latest.ts - HOUR_MS;
  const then = nearest(buckets, wanted);
  if (then === undefined || Math.abs(then[0] - wanted) > HOUR_MS / 2) return undefined;
  const change = latest.value - then[3];
  const threshold = TREND_THRESHOLDS.get(metric) ?? Math.abs(then[3]) * TREND_SHARE;
  if (Math.abs(change) <= threshold) return 'steady';
  return change > 0 ? 'rising' : 'falling';
}

function nearest(buckets: readonly Bucket[], ts: number): Bucket | undefined {
  let best: Bucket | undefined;
  for (const bucket of buckets) {
    if (best === undefined || Math.abs(bucket[0] - ts) < Math.abs(best[0] - ts)) best = bucket;
  }
  return best;
}

/** Buckets that belong together; the next run begins where readings were missing. */
export function splitAtGaps(buckets: readonly Bucket[], gapMs: number): Bucket[][] {
  const runs: Bucket[][] = [];
  let previous: Bucket | undefined;
  for (const bucket of buckets) {
    const run = runs.at(-1);
    if (run === undefined || previous === undefined || bucket[0] - previous[0] > gapMs) {
      runs.push([bucket]);
    } else {
      run.push(bucket);
    }
    previous = bucket;
  }
  return runs;
}

/** Buckets of raw readings have no width; a pause of this many typical steps is a gap. */
const GAP_STEPS = 4;
/** The least pause that is called a gap, in milliseconds. */
const LEAST_GAP_MS = 20_000;

/** The longest pause between two buckets that still counts as one line, in milliseconds. */
export function gapOf(
  history: Pick<History, 'buckets' | 'bucketMs'>,
  intervalSeconds: number | null,
): number {
  const steps: number[] = [];
  history.buckets.forEach((bucket, index) => {
    const before = history.buckets[index - 1];
    if (before !== undefined) steps.push(bucket[0] - before[0]);
  });
  steps.sort((a, b) => a - b);
  const typical = steps[Math.floor(steps.length / 2)] ?? 0;
  return Math.max(
    LEAST_GAP_MS,
    history.bucketMs * 2.5,
    typical * GAP_STEPS,
    (intervalSeconds ?? 0) * 1_000 * GAP_STEPS,
  );
}

/** Puts a live reading into a history that is already shown; the answer is a new object, or the same when it does not belong. */
export function appendReading(history: History, ts: number, value: number | string): History {
  if (ts < history.from) return history;
  const to = Math.max(history.to, ts);
  if (typeof value === 'string') {
    if (history.changes.at(-1)?.value === value) return history;
    return { ...history, to, changes: [...history.changes, { ts, value }] };
  }
  const last = history.buckets.at(-1);
  const start = history.bucketMs === 0 ? ts : Math.floor(ts / history.bucketMs) * history.bucketMs;
  if (last === undefined || start > last[0]) {
    return { ...history, to, buckets: [...history.buckets, [start, value, value, value, 1]] };
  }
  if (start < last[0] || history.bucketMs === 0) return history;
  const [, min, max, mean, count] = last;
  const merged: Bucket = [
    start,
    Math.min(min, value),
    Math.max(max, value),
    (mean * count + value) / (count + 1),
    count + 1,
  ];
  return { ...history, to, buckets: [...history.buckets.slice(0, -1), merged] };
}

export interface SparkPath {
  readonly line: string;
  readonly area: string;
  readonly end: { readonly x: number; readonly y: number } | undefined;
}

/** SVG paths for a history drawn into `width` × `height`; gaps break the line. `floor` is the least span of the value axis. */
export function sparkPath(
  history: History,
  box: { width: number; height: number; from: number; to: number; gapMs: number; floor: number },
): SparkPath {
  const values = history.buckets.map((bucket) => bucket[3]);
  if (values.length === 0) return { line: '', area: '', end: undefined };
  const low = Math.min(...values);
  const high = Math.max(...values);
  const span = Math.max(high - low, box.floor);
  const middle = (low + high) / 2;
  const x = (ts: number) => round(((ts - box.from) / (box.to - box.from)) * box.width);
  const y = (value: number) => round(box.height / 2 - ((value - middle) / span) * box.height);
  const lines: string[] = [];
  const areas: string[] = [];
  for (const run of splitAtGaps(history.buckets, box.gapMs)) {
    const points = run.map((bucket) => `${x(bucket[0])} ${y(bucket[3])}`);
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) continue;
    // A run of one point would draw nothing: give it the length of a round cap.
    const tail = run.length === 1 ? `l0.01 0` : '';
    lines.push(`M${points.join('L')}${tail}`);
    areas.push(`M${x(first[0])} ${box.height}L${points.join('L')}L${x(last[0])} ${box.height}Z`);
  }
  const last = history.buckets.at(-1);
  return {
    line: lines.join(''),
    area: areas.join(''),
    end: last === undefined ? undefined : { x: x(last[0]), y: y(last[3]) },
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Least span of a sparkline's value axis, so that noise does not look like weather. */
const SPARK_FLOORS: ReadonlyMap<string, number> = new Map([
  ['temperature', 2],
  ['outdoor_temperature', 4],
  ['humidity', 8],
  ['co2', 200],
  ['power', 100],
  ['pressure', 4],
  ['battery', 20],
]);

export function sparkFloor(metric: string): number {
  return SPARK_FLOORS.get(metric) ?? 1e-9;
}
