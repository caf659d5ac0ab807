// Step 4: canonical units, believable times, one row per measurement. What the series already is, it stays.
import {
  EARLIEST_TIMESTAMP_MS,
  MAX_CLOCK_AHEAD_MS,
  METRICS,
  convert,
  findConversion,
  type DeviceId,
  type MetricKind,
} from '@hearth/contracts';
import { MAX_STAMP_AHEAD_MS } from '../limits.js';
import type { Known, Normalised, Reading, Sample } from '../message.js';
import { quote, Refusal } from '../refusal.js';
import type { SeriesBook } from '../series-book.js';
import type { Series } from '../series.js';

const KIND_WORDS: Readonly<Record<MetricKind, string>> = {
  number: 'a number',
  boolean: 'true or false',
  text: 'a text',
};

export function normalise(known: Known, book: SeriesBook): Normalised | Refusal {
  const { message } = known.addressed;
  const readings: Reading[] = [];
  const created: Series[] = [];
  const keptFromMs = book.keptFrom(known.device.homeId);
  for (const sample of known.samples) {
    const reading = toReading(sample, known.device.id, message.receivedAtMs, book, created);
    if (reading instanceof Refusal) {
      for (const series of created) book.discard(series);
      return reading;
    }
    if (reading.ts < keptFromMs && reading.series.kind !== 'text') {
      for (const series of created) book.discard(series);
      return notKept(reading.ts, keptFromMs);
    }
    readings.push(reading);
  }
  return { message, readings };
}

function toReading(
  sample: Sample,
  deviceId: DeviceId,
  receivedAtMs: number,
  book: SeriesBook,
  created: Series[],
): Reading | Refusal {
  const { metric } = sample;
  let series = book.find(deviceId, metric);
  if (series === undefined) {
    series = book.create(deviceId, metric, METRICS.get(metric)?.kind ?? kindOf(sample.value));
    if (series === undefined) {
      return new Refusal('too-many-series', `${quote(metric)} would be one metric too many`);
    }
    created.push(series);
  }
  const value = toCanonical(sample, series);
  if (value instanceof Refusal) return value;
  const ts = sample.ts === undefined ? stamp(series, receivedAtMs) : check(sample.ts, receivedAtMs);
  return ts instanceof Refusal ? ts : { series, ts, value };
}

function toCanonical(sample: Sample, series: Series): number | string | Refusal {
  const { value, metric } = sample;
  if (series.kind === 'number') {
    if (typeof value !== 'number') return wrongType(sample, series);
    return toCanonicalNumber(metric, value, sample.unit, series);
  }
  if (series.kind === 'boolean') {
    if (typeof value === 'boolean') return value ? 1 : 0;
    return value === 0 || value === 1 ? value : wrongType(sample, series);
  }
  return typeof value === 'string' ? value : wrongType(sample, series);
}

function toCanonicalNumber(
  metric: string,
  value: number,
  unit: string | undefined,
  series: Series,
): number | Refusal {
  let canonical = value;
  if (unit !== undefined && unit !== '' && unit !== series.unit) {
    if (series.unit === '') {
      series.unit = unit;
      series.saved = false;
    }
    const conversion = findConversion(unit, series.unit);
    if (conversion === undefined) {
      return new Refusal(
        'unknown-unit',
        `${metric} is kept in ${series.unit}; ${quote(unit)} cannot be converted to it`,
      );
    }
    canonical = convert(value, conversion);
  } else if (unit === undefined && series.declared !== undefined) {
    canonical = convert(value, series.declared);
  }
  const known = METRICS.get(metric);
  if (known !== undefined && (canonical < known.min || canonical > known.max)) {
    return new Refusal(
      'out-of-range',
      `${metric} is ${value}${unit === undefined ? '' : ` ${quote(unit)}`}, possible is ${known.min} to ${known.max} ${known.unit}`,
    );
  }
  // A conversion can overflow where the catalogue has no range.
  return Number.isFinite(canonical)
    ? canonical
    : new Refusal('out-of-range', `${metric} is too large in ${series.unit}`);
}

function check(ts: number, receivedAtMs: number): number | Refusal {
  if (ts < EARLIEST_TIMESTAMP_MS) {
    return new Refusal(
      'ts-too-old',
      `ts ${ts} is before the year 2000: is the clock set, and is it in milliseconds?`,
    );
  }
  if (ts > receivedAtMs + MAX_CLOCK_AHEAD_MS) {
    const hours = MAX_CLOCK_AHEAD_MS / 3_600_000;
    return new Refusal('ts-too-far-ahead', `ts ${ts} is more than ${hours} hours ahead`);
  }
  return ts;
}

/** The hour it is of has lost its readings, and its roll-ups would become those of this one alone. */
function notKept(ts: number, keptFromMs: number): Refusal {
  return new Refusal(
    'ts-not-kept',
    `ts ${ts} is before ${new Date(keptFromMs).toISOString()}: the home has removed its readings of that time`,
  );
}

/**
 * A time for a reading that has none: when it was received, moved on by a millisecond where the series
 * has that time already, because one (series, time) is one row and an acknowledged reading must be a
 * stored one. (A QoS 1 message without `ts` that the device sends again is stored again: nothing in it
 * says that it is the same.)
 */
function stamp(series: Series, receivedAtMs: number): number | Refusal {
  const wasSetBack = receivedAtMs < series.stampedAtMs - MAX_STAMP_AHEAD_MS;
  let ts = wasSetBack || receivedAtMs > series.stampedTs ? receivedAtMs : series.stampedTs + 1;
  // The newest reading may have been given this very time by the device.
  if (ts === series.newestTs) ts += 1;
  if (ts - receivedAtMs > MAX_STAMP_AHEAD_MS) {
    return new Refusal(
      'too-fast',
      `${series.metric} comes more than once a millisecond: give each reading its ts`,
    );
  }
  series.stampedTs = ts;
  series.stampedAtMs = receivedAtMs;
  return ts;
}

function kindOf(value: Sample['value']): MetricKind {
  if (typeof value === 'number') return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'text';
}

function wrongType(sample: Sample, series: Series): Refusal {
  const got = KIND_WORDS[kindOf(sample.value)];
  return new Refusal(
    'wrong-type',
    `${sample.metric} is ${KIND_WORDS[series.kind]}, this is ${got}`,
  );
}
