// Readings acknowledged after their commit, beside the bound and beside Mosquitto with a subscriber; and what must be reached.
import { median } from './figures.js';
import { measureFromMemory } from './from-memory.js';
import { measureMosquittoPipeline } from './mosquitto-pipeline.js';
import { startBareAcks, startPeer } from './peers.js';
import { measurePipeline, type PipelineResult } from './pipeline.js';
import { measureSteady, measureTelemetry, type TelemetryLoad } from './telemetry.js';

const MANY_IN_FLIGHT: TelemetryLoad = { devices: 100, window: 100, shape: 'one metric' };
const LOADS: readonly TelemetryLoad[] = [
  MANY_IN_FLIGHT,
  { devices: 1_000, window: 1, shape: 'one metric' },
  { ...MANY_IN_FLIGHT, shape: 'five metrics' },
];
/** About what a commit of the rows takes that gather meanwhile, milliseconds. */
const COMMIT_MS = 2;
/** Nobody who stores is faster; what only answers does not even look into a message. */
const STORING_NOTHING = [
  { peer: 'hearth', start: startPeer.hearth },
  { peer: 'mosquitto', start: startPeer.mosquitto },
  { peer: 'bare Node that answers at once', start: () => startBareAcks(0) },
  {
    peer: `bare Node that answers groups after ${COMMIT_MS} ms`,
    start: () => startBareAcks(COMMIT_MS),
  },
];
const STEADY = { devices: 100, perSecond: 5_000 };

/**
 * What must be reached where devices have several messages in flight; where each waits for its acknowledgement, sockets are
 * the bound, and what brokers do from memory is printed beside it. Shares of the bound and of the pipeline hold on any
 * machine, the others on one with two cores.
 */
const LEAST_OF_BOUND = 0.7;
const LEAST_PER_SECOND = 100_000;
const LEAST_OF_PIPELINE = 2;
const LONGEST_P99_MS = 25;

export interface ReadingsReport {
  readonly figures: readonly object[];
  readonly pipeline: PipelineResult;
  /** Empty when all is well. */
  readonly failures: readonly string[];
}

/** Prints as it goes. */
export async function measureReadings(
  seconds: number,
  rounds: number,
  print: (line: string) => void,
): Promise<ReadingsReport> {
  const failures: string[] = [];
  const figures: object[] = [];
  const expect = (holds: boolean, sentence: string): void =>
    void (holds || failures.push(sentence));
  print('\nReadings acknowledged after their commit, beside bare inserts of the same rows');
  let ofHearth = 0;
  for (const load of LOADS) {
    const results = await inRounds(rounds, () => measureTelemetry(load, seconds));
    const rate = median(results.map((one) => one.readingsPerSecond));
    const bound = median(results.map((one) => one.bareRowsPerSecond));
    const share = median(results.map((one) => one.readingsPerSecond / one.bareRowsPerSecond));
    const name = `${load.devices} devices × ${load.window} in flight, ${load.shape}`;
    print(`  ${name}: ${whole(rate)}/s beside ${whole(bound)}/s, ${percent(share)} of it`);
    figures.push({ name, results });
    if (load === MANY_IN_FLIGHT) ofHearth = rate;
    if (load.window === 1) {
      for (const { peer, start } of STORING_NOTHING) {
        const fromMemory = await measureFromMemory(start, load, seconds);
        if (fromMemory === undefined) continue;
        print(`    where nothing is stored: ${peer} ${whole(fromMemory)}/s`);
        figures.push({ name: `from memory, ${peer}`, fromMemory });
      }
    } else {
      expect(rate >= LEAST_PER_SECOND, `${name}: fewer than ${whole(LEAST_PER_SECOND)}/s`);
      expect(share >= LEAST_OF_BOUND, `${name}: less than ${percent(LEAST_OF_BOUND)} of the bound`);
    }
    for (const { acknowledged, storedRows } of results) {
      expect(
        storedRows === acknowledged,
        `${name}: ${acknowledged} acknowledged, ${storedRows} stored`,
      );
    }
  }
  const committed = await inRounds(rounds, () => measureMosquittoPipeline(MANY_IN_FLIGHT, seconds));
  const known = committed.filter((rate) => rate !== undefined);
  if (known.length === 0) print('  Mosquitto is not installed');
  else {
    const rate = median(known);
    const times = ofHearth / rate;
    print(
      `  Mosquitto and a subscriber that inserts: ${whole(rate)}/s; Hearth ${times.toFixed(1)}×`,
    );
    expect(times >= LEAST_OF_PIPELINE, `less than ${LEAST_OF_PIPELINE}× Mosquitto's pipeline`);
    figures.push({ name: 'mosquitto', known });
  }
  const steady = await inRounds(rounds, () => measureSteady(STEADY, seconds));
  const p50 = median(steady.map(({ p50Ms }) => p50Ms));
  const p99 = median(steady.map(({ p99Ms }) => p99Ms));
  print(
    `  Acknowledgement at ${whole(STEADY.perSecond)} messages/s: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
  );
  expect(p99 < LONGEST_P99_MS, `acknowledgement p99 not under ${LONGEST_P99_MS} ms`);
  expect(
    steady.every(({ delivered }) => delivered === 1),
    'not every message was acknowledged',
  );
  figures.push({ name: 'steady', steady });
  const pipeline = await measurePipeline(seconds);
  print(
    `  Without broker and network: ${whole(pipeline.readingsPerSecond)}/s, ${pipeline.rowsPerCommit} rows a commit`,
  );
  return { figures, pipeline, failures };
}

async function inRounds<T>(rounds: number, measure: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  while (results.length < rounds) results.push(await measure());
  return results;
}

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const percent = (share: number): string => `${Math.round(share * 100)} %`;
