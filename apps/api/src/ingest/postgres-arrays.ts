// Arrays in Postgres' binary form: the parameters of the one insert that runs all day. Half the work of text on both sides.
// Layout: dimensions, has-nulls flag, element type; per dimension its length and lower bound; then each
// element as length and bytes. Numbers are big-endian.

const HEADER_BYTES = 20;
const OID_INT4 = 23;
const OID_FLOAT8 = 701;
const OID_TIMESTAMPTZ = 1_184;
/** Postgres counts microseconds from 2000-01-01. */
const POSTGRES_EPOCH_MS = 946_684_800_000;
const TWO_TO_32 = 4_294_967_296;

/** `integer[]`. */
export function encodeInt4Array(values: readonly number[]): Buffer {
  const bytes = openArray(OID_INT4, values.length, 4);
  let at = HEADER_BYTES;
  for (const value of values) {
    at = bytes.writeInt32BE(4, at);
    at = bytes.writeInt32BE(value, at);
  }
  return bytes;
}

/** `double precision[]`. */
export function encodeFloat8Array(values: readonly number[]): Buffer {
  const bytes = openArray(OID_FLOAT8, values.length, 8);
  let at = HEADER_BYTES;
  for (const value of values) {
    at = bytes.writeInt32BE(8, at);
    at = bytes.writeDoubleBE(value, at);
  }
  return bytes;
}

/** `timestamptz[]`, from whole epoch milliseconds. */
export function encodeTimestampArray(timesMs: readonly number[]): Buffer {
  const bytes = openArray(OID_TIMESTAMPTZ, timesMs.length, 8);
  let at = HEADER_BYTES;
  for (const timeMs of timesMs) {
    // Exact: until the year 2285 a time in microseconds is a safe integer.
    const micros = (timeMs - POSTGRES_EPOCH_MS) * 1_000;
    const high = Math.floor(micros / TWO_TO_32);
    at = bytes.writeInt32BE(8, at);
    at = bytes.writeInt32BE(high, at);
    at = bytes.writeUInt32BE(micros - high * TWO_TO_32, at);
  }
  return bytes;
}

function openArray(elementOid: number, length: number, elementBytes: number): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + length * (4 + elementBytes));
  bytes.writeInt32BE(1, 0);
  bytes.writeInt32BE(0, 4);
  bytes.writeInt32BE(elementOid, 8);
  bytes.writeInt32BE(length, 12);
  bytes.writeInt32BE(1, 16);
  return bytes;
}
