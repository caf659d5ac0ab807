// What is measured, said as data.
import type { Figure } from './figures.js';
import { measureConnects, measureIdle, measureReturn } from './connections.js';
import type { Level } from './frames.js';
import { measureLatency } from './latency.js';
import type { Peer, PeerName } from './peers.js';
import { measureReplay } from './retained.js';
import { measureFlow, type Flow } from './throughput.js';

export interface Workload {
  readonly id: string;
  /** Who can be asked for it. */
  readonly peers: readonly PeerName[];
  /** Part of `--quick`. */
  readonly isQuick: boolean;
  /** Only with `--all`: the rest of the full cross. */
  readonly isExtra: boolean;
  measure(peer: Peer, seconds: number): Promise<Figure[]>;
}

type Shape = Pick<Flow, 'publishers' | 'subscribers' | 'window'>;

const SHAPES: Record<string, Shape> = {
  'fan-in-20': { publishers: 20, subscribers: 1, window: 20 },
  'one-to-one': { publishers: 1, subscribers: 1, window: 100 },
  'fan-out-100': { publishers: 1, subscribers: 100, window: 20 },
  'fan-out-1000': { publishers: 1, subscribers: 1000, window: 10 },
};
const PAYLOADS = { '16B': 16, '256B': 256, '16KB': 16 * 1024 };
const LEVELS: Record<string, Level> = { 'v3.1.1': 4, v5: 5 };
const QUICK =
  /^(fan-in-20|fan-out-100)\/qos0\/256B\/v3|^fan-in-20\/qos[12]\/256B\/v3|^one-to-one\/qos1\/256B\/v5/;
const BROKERS: readonly PeerName[] = ['hearth', 'mosquitto', 'aedes'];
const ALL: readonly PeerName[] = [...BROKERS, 'bare'];

export const WORKLOADS: readonly Workload[] = [
  ...crossed(),
  flow('acknowledged/qos1/256B', { publishers: 20, subscribers: 0, window: 20, qos: 1 }),
  flow('wildcards/qos0/256B', {
    publishers: 20,
    subscribers: 1,
    window: 0,
    qos: 0,
    bystanders: 1000,
    topic: (publisher) => `bench/${publisher}/load`,
    filter: 'bench/+/load',
  }),
  flow('topics-100k/qos0/256B', {
    publishers: 4,
    subscribers: 1,
    window: 0,
    qos: 0,
    topics: 100_000,
    filter: 'bench/#',
  }),
  one('retained-10k/replayed', BROKERS, true, (peer, seconds) =>
    measureReplay(10_000, peer, seconds),
  ),
  one('connects', ALL, true, measureConnects),
  one('return-5000', ALL, true, (peer) => measureReturn(5_000, peer)),
  one('idle-10k', ALL, false, (peer) => measureIdle(10_000, peer)),
  ...([0, 1] as const).flatMap((qos) =>
    [1_000, 10_000].map((perSecond) =>
      one(
        `latency/qos${qos}/${perSecond}-a-second`,
        qos === 0 ? ALL : BROKERS,
        qos === 0,
        (peer, seconds) => measureLatency(perSecond, qos, peer, Math.max(seconds, 3)),
      ),
    ),
  ),
];

function* crossed(): Iterable<Workload> {
  for (const [shape, numbers] of Object.entries(SHAPES)) {
    for (const qos of [0, 1, 2] as const) {
      for (const [size, payloadBytes] of Object.entries(PAYLOADS)) {
        for (const [version, level] of Object.entries(LEVELS)) {
          const id = `${shape}/qos${qos}/${size}/${version}`;
          yield flow(id, { ...numbers, qos, payloadBytes, level });
        }
      }
    }
  }
}

function flow(id: string, part: Shape & Pick<Flow, 'qos'> & Partial<Flow>): Workload {
  const whole: Flow = { payloadBytes: 256, level: 4, ...part };
  // Aedes 1 speaks 3.1.1 only; the bare pipe knows no acknowledgements.
  const peers = ALL.filter((name) => {
    if (name === 'aedes') return whole.level === 4;
    return (
      name !== 'bare' ||
      (whole.qos === 0 && whole.bystanders === undefined && whole.topics === undefined)
    );
  });
  return {
    id,
    peers,
    isQuick: QUICK.test(id),
    isExtra: whole.level === 5 && whole.payloadBytes !== 256,
    measure: (peer, seconds) => measureFlow(whole, peer, seconds),
  };
}

function one(
  id: string,
  peers: readonly PeerName[],
  isQuick: boolean,
  measure: Workload['measure'],
): Workload {
  return { id, peers, isQuick, isExtra: false, measure };
}
