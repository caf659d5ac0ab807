// Runs the workloads: the brokers take turns within every round, and the median of the rounds stands.
import { median, type Figure, type Unit } from './figures.js';
import { startPeer, type PeerName } from './peers.js';
import type { Workload } from './workloads.js';

export interface Row {
  readonly workload: string;
  readonly figure: string;
  readonly unit: Unit;
  readonly values: Partial<Record<PeerName, Value>>;
}

interface Value {
  readonly value: number;
  readonly delivered?: number;
  readonly perCpuSecond?: number;
}

export async function measureWorkload(
  workload: Workload,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Row[]> {
  const measured = new Map<PeerName, Figure[][]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const name of workload.peers) {
      const peer = await startPeer[name]();
      if (peer === undefined) continue;
      try {
        const figures = await workload.measure(peer, seconds);
        measured.set(name, [...(measured.get(name) ?? []), figures]);
      } catch (error) {
        process.stderr.write(`${workload.id}, ${name}: ${String(error)}\n`);
      } finally {
        await peer.stop();
      }
    }
  }
  return rowsOf(workload.id, measured);
}

function rowsOf(workload: string, measured: ReadonlyMap<PeerName, Figure[][]>): Row[] {
  const [some] = measured.values();
  return (some?.[0] ?? []).map(({ name, unit }, index) => {
    const values: Row['values'] = {};
    for (const [peer, rounds] of measured) {
      const all = rounds.flatMap((figures) => figures[index] ?? []);
      const perCpu = all.flatMap(({ perCpuSecond }) => perCpuSecond ?? []);
      const shares = all.flatMap(({ delivered }) => delivered ?? []);
      values[peer] = {
        value: median(all.map(({ value }) => value)),
        ...(perCpu.length === 0 ? {} : { perCpuSecond: median(perCpu) }),
        ...(shares.length === 0 ? {} : { delivered: Math.min(...shares) }),
      };
    }
    return { workload, figure: name, unit, values };
  });
}

const WIDTHS = [30, 18, 17, 15, 9, 9, 15, 9, 9, 17];

const TITLES = 'Hearth,Mosquitto,ratio,by CPU,Aedes,ratio,by CPU,bare Node';

export const HEAD = columns(['', '', ...TITLES.split(',')]);

export function lineOf({ workload, figure, unit, values }: Row): string {
  const { hearth, mosquitto, aedes, bare } = values;
  return columns([
    workload,
    `${figure} ${unit}`,
    shown(hearth),
    shown(mosquitto),
    ...ratios(hearth, mosquitto),
    shown(aedes),
    ...ratios(hearth, aedes),
    shown(bare),
  ]);
}

function columns(cells: readonly string[]): string {
  return cells
    .map((cell, index) =>
      index < 2 ? cell.padEnd(WIDTHS[index] ?? 0) : cell.padStart(WIDTHS[index] ?? 0),
    )
    .join('');
}

/** With the share delivered, where that is not all. */
function shown(measured: Value | undefined): string {
  if (measured === undefined) return '–';
  const { value, delivered } = measured;
  const digits = value < 100 ? 2 : 0;
  const text = value.toLocaleString('en', { maximumFractionDigits: digits });
  return delivered === undefined || delivered > 0.999
    ? text
    : `${text} (${Math.round(delivered * 100)}%)`;
}

function ratios(ours: Value | undefined, theirs: Value | undefined): [string, string] {
  return [ratio(ours?.value, theirs?.value), ratio(ours?.perCpuSecond, theirs?.perCpuSecond)];
}

function ratio(ours: number | undefined, theirs: number | undefined): string {
  if (ours === undefined || theirs === undefined || !(theirs > 0)) return '–';
  return `${(ours / theirs).toFixed(2)}×`;
}
