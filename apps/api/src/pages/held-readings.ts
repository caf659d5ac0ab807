// Readings as Postgres sends them: times and values one after the other, eight bytes each. Pure. A tenth of the work that rows are.
import type { PageReadings } from '@hearth/history';

const BYTES = 8;
/** Postgres counts microseconds from 2000-01-01. */
const POSTGRES_EPOCH_MS = 946_684_800_000;
const TWO_TO_32 = 2 ** 32;

/** From `timestamptz_send` and `float8send` of each, put together. */
export function toReadings(times: Buffer, values: Buffer): PageReadings {
  const count = values.length / BYTES;
  const readings = { ts: new Float64Array(count), values: new Float64Array(count) };
  for (let row = 0; row < count; row += 1) {
    const micros = times.readInt32BE(row * BYTES) * TWO_TO_32 + times.readUInt32BE(row * BYTES + 4);
    readings.ts[row] = micros / 1_000 + POSTGRES_EPOCH_MS;
    readings.values[row] = values.readDoubleBE(row * BYTES);
  }
  return readings;
}

/** To the bit. */
export function areEqual(a: PageReadings, b: PageReadings): boolean {
  return bytesOf(a.ts).equals(bytesOf(b.ts)) && bytesOf(a.values).equals(bytesOf(b.values));
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
