import { formatNumber } from '../../format/quantity';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];
const STEP = 1_000;

/** A number of bytes in the largest unit that keeps it above one: `9.9 MB`. */
export function formatBytes(bytes: number): string {
  const { value, unit } = inLargestUnit(bytes);
  return `${formatNumber(value, unit === 'B' || value >= 100 ? 0 : 1)}\u202f${unit}`;
}

/** An estimate, of which two digits are all that is known: `1.2 GB`, `81 MB`, `350 kB`. */
export function formatRoughBytes(bytes: number): string {
  const { value, unit } = inLargestUnit(Number(bytes.toPrecision(2)));
  return `${formatNumber(value, unit === 'B' || value >= 10 ? 0 : 1)}\u202f${unit}`;
}

function inLargestUnit(bytes: number): { value: number; unit: string } {
  let value = bytes;
  let index = 0;
  while (value >= STEP && index < UNITS.length - 1) {
    value /= STEP;
    index += 1;
  }
  return { value, unit: UNITS[index] ?? 'B' };
}
