// Bounds on what devices may send. Each is refused with a dead letter that names it.

/** Most objects in one backfill array. */
export const MAX_BACKFILL_ENTRIES = 1_000;
/** Most metrics in one telemetry object. */
export const MAX_METRICS_PER_ENTRY = 64;
/** Longest text value, in characters. */
export const MAX_TEXT_VALUE_LENGTH = 255;
/** Largest payload of a native topic, in bytes. */
export const MAX_PAYLOAD_BYTES = 256 * 1024;
/** Earliest device time that is believed: 2000-01-01T00:00:00Z, in epoch milliseconds. Boards without NTP count from 1970. */
export const EARLIEST_TIMESTAMP_MS = 946_684_800_000;
/** How far a device's clock may run ahead of the server's, in milliseconds. */
export const MAX_CLOCK_AHEAD_MS = 24 * 60 * 60 * 1_000;
/**
 * How far the time that a device gives a reading may lie from its arrival, in milliseconds, before both are kept. Below it
 * are pauses of the network and boards that read their clock in whole seconds.
 */
export const MAX_CLOCK_DIFFERENCE_MS = 10_000;
/** Bytes that a dead letter keeps of a payload that is larger than any that could be taken; others are kept whole. */
export const MAX_DEAD_LETTER_BYTES = 16 * 1024;
