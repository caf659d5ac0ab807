import { formatNumber } from '../../format/quantity';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];
const STEP = 1_000;

/** A number of bytes in the largest unit that keeps it above one: `9.9 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let index = 0;
  while (value >= STEP && index < UNITS.length - 1) {
    value /= STEP;
    index += 1;
  }
  return `${formatNumber(value, index === 0 || value >= 100 ? 0 : 1)}\u202f${UNITS[index] ?? 'B'}`;
}
