// Several hostile clients against a broker in another process, and what must hold meanwhile and afterwards.

import { closeRawClients } from '@hearth/testkit';
import { Attacker } from './attacker.js';
import { BrokerChild } from './broker-child.js';
import type { Holdings } from './broker-process.js';
import { Probe } from './probe.js';

export interface FuzzOptions {
  seconds: number;
  seed: number;
  clients: number;
  /** Round to begin with, to come back to where an earlier run failed. */
  from: number;
}

export interface FuzzResult {
  /** What went wrong; undefined when nothing did. */
  failure: string | undefined;
  rounds: number;
  bytes: number;
  echoes: number;
  longestEchoMs: number;
  /** The first round in which each client was when it ended. */
  at: number[];
  before: Holdings | undefined;
  after: Holdings | undefined;
}

const ECHO_BOUND_MS = 5000;
const SETTLE_MS = 15_000;
const HELD_GROWTH = 4 * 1024 * 1024;
const RESIDENT_GROWTH = 96 * 1024 * 1024;
// Long enough for every cache to be full and every line to be compiled.
const WARM_UP_SHARE = 0.3;

export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const broker = await BrokerChild.start();
  const attackers = Array.from(
    { length: options.clients },
    (_, i) => new Attacker(broker.ports, options.seed, i, options.from),
  );
  const result: FuzzResult = {
    failure: undefined,
    rounds: 0,
    bytes: 0,
    echoes: 0,
    longestEchoMs: 0,
    at: [],
    before: undefined,
    after: undefined,
  };
  let probe: Probe | undefined;
  const campaign = async (): Promise<undefined> => {
    probe = await Probe.open(broker.ports.tcp, ECHO_BOUND_MS);
    await attack(attackers, probe, options.seconds * WARM_UP_SHARE);
    result.before = await settle(broker, probe);
    await attack(attackers, probe, options.seconds * (1 - WARM_UP_SHARE));
    result.after = await settle(broker, probe);
    const grown = result.after.heldBytes - result.before.heldBytes;
    if (grown > HELD_GROWTH) throw new Error(`${grown} bytes more are held than after the warm-up`);
    const resident = result.after.residentBytes - result.before.residentBytes;
    if (resident > RESIDENT_GROWTH) throw new Error(`${resident} bytes more are resident`);
  };
  try {
    result.failure = await Promise.race([campaign(), broker.failure]);
  } catch (error) {
    result.failure = error instanceof Error ? error.message : String(error);
  }
  for (const attacker of attackers) attacker.stop();
  result.at = attackers.map(({ round }) => round);
  result.rounds = result.at.reduce((sum, round) => sum + round - options.from, 0);
  result.bytes = attackers.reduce((sum, { bytes }) => sum + bytes, 0);
  result.echoes = probe?.echoes ?? 0;
  result.longestEchoMs = Math.round(probe?.longestMs ?? 0);
  broker.stop();
  closeRawClients();
  return result;
}

async function attack(
  attackers: readonly Attacker[],
  probe: Probe,
  seconds: number,
): Promise<void> {
  const runs = attackers.map((attacker) => attacker.run());
  const endMs = performance.now() + seconds * 1000;
  try {
    while (performance.now() < endMs) {
      await probe.echo();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  } finally {
    for (const attacker of attackers) attacker.stop();
  }
  await Promise.all(runs);
}

/** Waits until only the probe is left, which has one session with one subscription. */
async function settle(broker: BrokerChild, probe: Probe): Promise<Holdings> {
  const endMs = performance.now() + SETTLE_MS;
  for (;;) {
    // Wills come with the end of their sessions, and may be retained.
    await probe.clearRetained();
    const holdings = await broker.holdings();
    const { sessions, subscriptions, retained, queued, connected } = holdings;
    const isClean = sessions === 1 && subscriptions === 1 && connected === 1;
    if (isClean && retained === 0 && queued === 0) return holdings;
    if (performance.now() > endMs) {
      throw new Error(`something was left behind: ${JSON.stringify(holdings)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
