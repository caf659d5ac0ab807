// A page: all readings of a series and a day in a few bytes each, exact to the bit.
//
//   form      1 byte   1: what follows is as it is; 2: it is deflated
//   count     varint   readings, at least one
//   times     varints  milliseconds since the day began: the first, then zig-zag differences of differences
//   values    column   see `writeColumn`
//
// The same columns hold the minutes of a day that has far more readings than minutes.

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ByteReader, ByteWriter } from './bytes.js';
import { TIER_MS, type Rollup } from './roll-up.js';

/** Readings in the order of time: `ts[i]` (epoch milliseconds) and `values[i]` are one. */
export interface PageReadings {
  readonly ts: Float64Array;
  readonly values: Float64Array;
}

/** The bytes are no page. */
export class PageCorrupt extends Error {
  override readonly name = 'PageCorrupt';
}

const PLAIN = 1;
const DEFLATED = 2;
/** Readings of a page: fifty a second all day long, far more than a sensor of a home sends. A day of more stays rows. */
export const MOST_PAGE_READINGS = 5_000_000;
/** Bytes of a page when it is inflated, at no more than 16 a reading; one that claims more is no page. */
const MOST_BYTES = 16 * MOST_PAGE_READINGS;
/** A time takes a byte at least, and so does a value. */
const FEWEST_BYTES = 2;

/** How a column of numbers is written. */
const BITS = 0;
const DECIMAL = 1;
const MOST_DECIMALS = 9;
/** Differences of two such numbers, zig-zagged, are still exact integers. */
const LARGEST_SCALED = 2 ** 51;
const BYTES_A_FLOAT = 8;

/** Writes the readings of the UTC day that begins at `dayMs`, one to `MOST_PAGE_READINGS`; times ascend, and all lie in the day. */
export function encodePage({ ts, values }: PageReadings, dayMs: number): Buffer {
  const writer = new ByteWriter();
  writer.varint(ts.length);
  let [previous, step] = [dayMs, 0];
  for (const moment of ts) {
    const next = moment - previous;
    writer.zigzag(next - step);
    [previous, step] = [moment, next];
  }
  writeColumn(writer, values);
  return seal(writer);
}

/** Throws `PageCorrupt` for bytes that `encodePage` did not write. */
export function decodePage(bytes: Uint8Array, dayMs: number): PageReadings {
  return open(bytes, (reader) => {
    const count = reader.varint();
    if (count < 1 || count > MOST_PAGE_READINGS) {
      throw new PageCorrupt(`a page of ${count} readings`);
    }
    reader.need(count * FEWEST_BYTES);
    return { ts: readTimes(reader, count, dayMs), values: readColumn(reader, count) };
  });
}

/** Strictly ascending within the day, as those of a primary key are: what else they were could not become rows again. */
function readTimes(reader: ByteReader, count: number, dayMs: number): Float64Array {
  const ts = new Float64Array(count);
  let step = reader.zigzag();
  let moment = dayMs + step;
  if (step < 0) throw new PageCorrupt('a time before the day');
  ts[0] = moment;
  for (let row = 1; row < count; row += 1) {
    step += reader.zigzag();
    if (!(step > 0)) throw new PageCorrupt('times that do not ascend');
    moment += step;
    ts[row] = moment;
  }
  if (!(moment < dayMs + TIER_MS.day)) throw new PageCorrupt('a time after the day');
  return ts;
}

/** Writes the minutes of the UTC day that begins at `dayMs`, in the order of time. */
export function encodeMinutes(minutes: readonly Rollup[], dayMs: number): Buffer {
  const writer = new ByteWriter();
  writer.varint(minutes.length);
  let previous = 0;
  for (const { startMs, count } of minutes) {
    const index = (startMs - dayMs) / TIER_MS.minute;
    writer.varint(index - previous);
    writer.varint(count);
    previous = index;
  }
  for (const column of MINUTE_COLUMNS) {
    writeColumn(
      writer,
      Float64Array.from(minutes, (minute) => minute[column]),
    );
  }
  return seal(writer);
}

const MINUTES_OF_DAY = TIER_MS.day / TIER_MS.minute;
const MINUTE_COLUMNS = ['min', 'max', 'sum', 'first', 'last'] as const;

/** Throws `PageCorrupt` for bytes that `encodeMinutes` did not write. */
export function decodeMinutes(bytes: Uint8Array, dayMs: number): Rollup[] {
  return open(bytes, (reader) => {
    const length = reader.varint();
    if (length > MINUTES_OF_DAY) throw new PageCorrupt(`${length} minutes of a day`);
    const starts = new Float64Array(length);
    const counts = new Float64Array(length);
    let index = 0;
    for (let row = 0; row < length; row += 1) {
      const step = reader.varint();
      if (row > 0 && step === 0) throw new PageCorrupt('minutes that do not ascend');
      index += step;
      if (index >= MINUTES_OF_DAY) throw new PageCorrupt('a minute after the day');
      starts[row] = dayMs + index * TIER_MS.minute;
      counts[row] = reader.varint();
    }
    const [min, max, sum, first, last] = MINUTE_COLUMNS.map(() => readColumn(reader, length));
    return Array.from(starts, (startMs, row) => ({
      startMs,
      min: min?.[row] ?? 0,
      max: max?.[row] ?? 0,
      sum: sum?.[row] ?? 0,
      count: counts[row] ?? 0,
      first: first?.[row] ?? 0,
      last: last?.[row] ?? 0,
    }));
  });
}

/** What sensors send has few decimals: then whole numbers, each as its difference from the one before. Else the bits. */
function writeColumn(writer: ByteWriter, values: Float64Array): void {
  const decimals = decimalsOf(values);
  if (decimals === undefined) {
    writer.byte(BITS);
    writePlanes(writer, values);
    return;
  }
  writer.byte(DECIMAL);
  writer.byte(decimals);
  const scale = 10 ** decimals;
  let previous = 0;
  for (const value of values) {
    const scaled = Math.round(value * scale);
    writer.zigzag(scaled - previous);
    previous = scaled;
  }
}

function readColumn(reader: ByteReader, count: number): Float64Array {
  const form = reader.byte();
  if (form === BITS) return readPlanes(reader, count);
  if (form !== DECIMAL) throw new PageCorrupt(`a column of form ${form}`);
  const decimals = reader.byte();
  if (decimals > MOST_DECIMALS) throw new PageCorrupt(`${decimals} decimals`);
  reader.need(count);
  const values = new Float64Array(count);
  const scale = 10 ** decimals;
  let scaled = 0;
  for (let row = 0; row < count; row += 1) {
    scaled += reader.zigzag();
    values[row] = scaled / scale;
  }
  return values;
}

/** The fewest decimals with which every value comes back as it was; undefined when there are none. */
function decimalsOf(values: Float64Array): number | undefined {
  let decimals = 0;
  let scale = 1;
  for (const value of values) {
    // Minus zero is no whole number of anything.
    if (Object.is(value, -0)) return undefined;
    let scaled = Math.round(value * scale);
    while (scaled / scale !== value) {
      decimals += 1;
      if (decimals > MOST_DECIMALS) return undefined;
      scale = 10 ** decimals;
      scaled = Math.round(value * scale);
    }
    if (Math.abs(scaled) > LARGEST_SCALED) return undefined;
  }
  // A value that was whole with fewer decimals may be too large, or not come back, with more.
  for (const value of values) {
    const scaled = Math.round(value * scale);
    if (Math.abs(scaled) > LARGEST_SCALED || scaled / scale !== value) return undefined;
  }
  return decimals;
}

/** First bytes together, second bytes together and so on: neighbours begin alike, and what is alike deflates. */
function writePlanes(writer: ByteWriter, values: Float64Array): void {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (let plane = 0; plane < BYTES_A_FLOAT; plane += 1) {
    let previous = 0;
    for (let at = plane; at < bytes.length; at += BYTES_A_FLOAT) {
      const byte = bytes[at] ?? 0;
      writer.byte(byte ^ previous);
      previous = byte;
    }
  }
}

function readPlanes(reader: ByteReader, count: number): Float64Array {
  reader.need(count * BYTES_A_FLOAT);
  const values = new Float64Array(count);
  const bytes = new Uint8Array(values.buffer);
  for (let plane = 0; plane < BYTES_A_FLOAT; plane += 1) {
    let previous = 0;
    for (let at = plane; at < bytes.length; at += BYTES_A_FLOAT) {
      previous ^= reader.byte();
      bytes[at] = previous;
    }
  }
  return values;
}

function seal(writer: ByteWriter): Buffer {
  const plain = writer.finish();
  const deflated = deflateRawSync(plain);
  return deflated.length < plain.length
    ? Buffer.concat([Buffer.from([DEFLATED]), deflated])
    : Buffer.concat([Buffer.from([PLAIN]), plain]);
}

function open<T>(bytes: Uint8Array, read: (reader: ByteReader) => T): T {
  try {
    const reader = new ByteReader(unsealed(bytes));
    const result = read(reader);
    reader.end();
    return result;
  } catch (error) {
    if (error instanceof PageCorrupt) throw error;
    throw new PageCorrupt('the bytes are no page', { cause: error });
  }
}

function unsealed(bytes: Uint8Array): Uint8Array {
  const content = bytes.subarray(1);
  if (bytes[0] === PLAIN) return content;
  if (bytes[0] !== DEFLATED) throw new PageCorrupt(`a page of form ${bytes[0]}`);
  return inflateRawSync(content, { maxOutputLength: MOST_BYTES });
}
