// `npm run bench -- --hostile`: clients that mean harm or just do too much, each beside a probe client that measures what
// others feel of it. On loopback, bounded in number and time; fails when a bound is broken.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pause, quantile, residentBytes } from './figures.js';
import { LatencyProbe } from './latency.js';
import { Load } from './load.js';
import { startPeer, type Peer } from './peers.js';
import { ATTACKS, type Attack } from './attacks.js';

const MIB = 1024 * 1024;
const PROBES_PER_SECOND = 200;
const CALM_MS = 2_000;
/** After the attackers are gone: time for the collector and the kernel. */
const RECOVERY_MS = 5_000;
const WATCH_EVERY_MS = 50;

interface Outcome {
  readonly attack: string;
  readonly limit: string;
  /** Resident MiB before, at most during, and after. */
  readonly beforeMiB: number;
  readonly peakMiB: number;
  readonly afterMiB: number;
  /** p99 of the probe in milliseconds, before and during. */
  readonly calmP99Ms: number;
  readonly p99Ms: number;
  readonly lost: number;
  readonly seen: string;
  readonly broken: readonly string[];
}

/** Runs what matches and answers whether every bound held. */
export async function runAttacks(only: RegExp, file: string): Promise<boolean> {
  const outcomes: Outcome[] = [];
  process.stdout.write(`${HEAD}\n`);
  for (const attack of ATTACKS.filter(({ id }) => only.test(id))) {
    const outcome = await runAttack(attack);
    outcomes.push(outcome);
    process.stdout.write(`${lineOf(outcome)}\n`);
    for (const broken of outcome.broken) process.stdout.write(`  BROKEN: ${broken}\n`);
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(outcomes, null, 2)}\n`);
  process.stdout.write(`\nWritten to ${file}\n`);
  return outcomes.every(({ broken }) => broken.length === 0);
}

async function runAttack(attack: Attack): Promise<Outcome> {
  const peer = await startPeer.hearth();
  if (peer === undefined) throw new Error('the broker did not start');
  const attackers = new Load(peer);
  const others = new Load(peer);
  const ram = new MemoryWatch(peer);
  try {
    const options = { clientId: 'probe' };
    const probe = new LatencyProbe(
      await others.open({ clientId: 'probe-publisher' }),
      await others.open(options),
      'probe/latency',
      1,
    );
    await probe.begin();
    await attack.prepare?.(attackers, peer);
    await probe.publish(PROBES_PER_SECOND, 500);
    probe.forget();
    await probe.publish(PROBES_PER_SECOND, CALM_MS);
    const calm = probe.sorted();
    probe.forget();
    const before = ram.reset();
    const end = new AbortController();
    const probing = (async (): Promise<void> => {
      while (!end.signal.aborted) await probe.publish(PROBES_PER_SECOND, 100);
    })();
    let seen: string;
    try {
      seen = await attack.run(attackers, peer);
    } finally {
      end.abort();
      await probing;
    }
    await pause(500);
    const during = probe.sorted();
    const { peak } = ram;
    const lost = probe.sent - probe.count;
    attackers.close();
    await pause(RECOVERY_MS);
    const figures = {
      beforeMiB: before / MIB,
      peakMiB: peak / MIB,
      afterMiB: residentBytes(peer.pid) / MIB,
      calmP99Ms: quantile(calm, 0.99),
      p99Ms: quantile(during, 0.99),
      lost,
    };
    return {
      attack: attack.id,
      limit: attack.limit,
      ...figures,
      seen,
      broken: judge(attack, figures),
    };
  } catch (error) {
    throw new Error(`${attack.id} could not be run`, { cause: error });
  } finally {
    ram.stop();
    attackers.close();
    others.close();
    await peer.stop();
  }
}

type Figures = Pick<Outcome, 'beforeMiB' | 'peakMiB' | 'p99Ms' | 'lost'>;

function judge(attack: Attack, { beforeMiB, peakMiB, p99Ms, lost }: Figures): string[] {
  const broken: string[] = [];
  const grown = peakMiB - beforeMiB;
  if (grown > attack.maxGrowthMiB) {
    broken.push(`memory grew by ${grown.toFixed(0)} MiB, bound is ${attack.maxGrowthMiB} MiB`);
  }
  if (p99Ms > attack.maxP99Ms) {
    broken.push(`the probe's p99 is ${p99Ms.toFixed(1)} ms, bound is ${attack.maxP99Ms} ms`);
  }
  if (lost > 0) broken.push(`the probe lost ${lost} messages at QoS 1`);
  return broken;
}

/** Resident memory of the broker, looked at often. */
class MemoryWatch {
  peak = 0;
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;

  constructor({ pid }: Peer) {
    this.#pid = pid;
    this.#timer = setInterval(() => this.#look(), WATCH_EVERY_MS);
  }

  reset(): number {
    this.peak = residentBytes(this.#pid);
    return this.peak;
  }

  #look(): void {
    this.peak = Math.max(this.peak, residentBytes(this.#pid));
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

const WIDTHS = [24, 8, 8, 8, 10, 10];
const HEAD = columns(['', 'before', 'peak', 'after', 'p99 calm', 'during'], 'limit: what was seen');

function lineOf(outcome: Outcome): string {
  const { attack, beforeMiB, peakMiB, afterMiB, calmP99Ms, p99Ms, limit, seen } = outcome;
  const mib = [beforeMiB, peakMiB, afterMiB].map((value) => value.toFixed(0));
  const ms = [calmP99Ms, p99Ms].map((value) => `${value.toFixed(2)} ms`);
  return columns([attack, ...mib, ...ms], `${limit}: ${seen}`);
}

function columns(cells: readonly string[], last: string): string {
  const padded = cells.map((cell, index) => {
    const width = WIDTHS[index] ?? 0;
    return index === 0 ? cell.padEnd(width) : cell.padStart(width);
  });
  return `${padded.join('')}  ${last}`;
}
