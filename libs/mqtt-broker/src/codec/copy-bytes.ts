import type { Buffer } from 'node:buffer';

// Below this a loop beats Buffer.copy, which makes a view per call (measured).
const LOOP_BYTES = 160;

/** Copies source[start, end) to target at `at`; answers the position after it. */
export function copyBytes(
  source: Uint8Array,
  start: number,
  end: number,
  target: Buffer,
  at: number,
): number {
  const length = end - start;
  if (length > LOOP_BYTES) {
    target.set(source.subarray(start, end), at);
    return at + length;
  }
  let position = at;
  for (let i = start; i < end; i++) target[position++] = source[i] as number;
  return position;
}
