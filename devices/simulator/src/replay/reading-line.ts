// One line of a recording: UNIX time in seconds, TAB, value. Pure.
import { EARLIEST_TIMESTAMP_MS } from '@hearth/contracts';

export interface RecordedReading {
  /** Epoch milliseconds. */
  readonly ts: number;
  readonly value: number;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** Times with more digits are not seconds. */
const LATEST_TIMESTAMP_MS = 32_503_680_000_000;

/** The reading, or in words what is wrong with the line. */
export function parseReadingLine(line: string): RecordedReading | string {
  const fields = line.trim().split('\t');
  const [time, value] = fields;
  if (fields.length !== 2 || time === undefined || value === undefined) {
    return 'is not a time, a TAB and a value';
  }
  if (!NUMBER.test(time)) return `time ${quoted(time)} is not a number`;
  if (!NUMBER.test(value)) return `value ${quoted(value)} is not a number`;
  const ts = Math.round(Number(time) * 1_000);
  if (!(ts >= EARLIEST_TIMESTAMP_MS && ts <= LATEST_TIMESTAMP_MS)) {
    return `time ${quoted(time)} is not in seconds since 1970`;
  }
  const number = Number(value);
  if (!Number.isFinite(number)) return `value ${quoted(value)} is too large`;
  return { ts, value: number };
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
