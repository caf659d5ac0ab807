// What a measurement answers, and the clockwork that measurements share.
import { readFileSync } from 'node:fs';

export type Unit = '/s' | 'kB' | 'ms';

export interface Figure {
  readonly name: string;
  readonly unit: Unit;
  readonly value: number;
  /** Of the messages that were owed, what arrived; QoS 0 may be dropped, and dropping is fast. */
  readonly delivered?: number;
  /** Per second of the broker's processor time: what a machine that others use too says with less noise. */
  readonly perCpuSecond?: number;
}

const WARM_UP_MS = 500;

export interface Rate {
  readonly value: number;
  readonly perCpuSecond: number;
}

/** Growth of a counter per second, after the warm-up; `pid` is whose processor time is told beside it. */
export async function ratePerSecond(
  count: () => number,
  seconds: number,
  pid = process.pid,
): Promise<Rate> {
  await pause(WARM_UP_MS);
  const from = count();
  const cpuFrom = cpuSeconds(pid);
  const startedAt = performance.now();
  await pause(seconds * 1_000);
  const grown = count() - from;
  const elapsed = (performance.now() - startedAt) / 1_000;
  return { value: grown / elapsed, perCpuSecond: grown / (cpuSeconds(pid) - cpuFrom) };
}

/** Waits until a counter stands still, at most `limitMs`. */
export async function settled(count: () => number, limitMs = 2_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  let before = -1;
  while (before !== count() && performance.now() < deadline) {
    before = count();
    await pause(100);
  }
}

const TICKS_PER_SECOND = 100;

/** Processor time that a process has used, in user and kernel; `withEnded` adds that of its children that ended. */
export function cpuSeconds(pid: number, withEnded = false): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, withEnded ? 15 : 13);
  return ticks.reduce((sum, value) => sum + Number(value), 0) / TICKS_PER_SECOND;
}

/** Resident bytes of a process. */
export function residentBytes(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]);
  return pages * 4096;
}

/** The value below which the share `part` of the sorted values lies. */
export function quantile(sorted: ArrayLike<number>, part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
