// Time from a publisher's write to its subscriber's read, at a steady rate.
import { pause, quantile, settled, type Figure } from './figures.js';
import { publishTemplate } from './frames.js';
import { withLoad } from './load.js';
import type { LoadClient } from './load-client.js';
import type { Peer } from './peers.js';

const TOPIC = 'bench/latency';
const PAYLOAD_BYTES = 64;
const WARM_UP_MS = 1_000;

export async function measureLatency(
  perSecond: number,
  qos: 0 | 1,
  peer: Peer,
  seconds: number,
): Promise<Figure[]> {
  return withLoad(peer, 4, async (load) => {
    const probe = new LatencyProbe(await load.open(), await load.open(), TOPIC, qos);
    await probe.begin();
    await probe.publish(perSecond, WARM_UP_MS);
    probe.forget();
    await probe.publish(perSecond, seconds * 1_000);
    await settled(() => probe.count);
    return probe.figures();
  });
}

/** A publisher and a subscriber that measure each other. */
export class LatencyProbe {
  readonly #publisher: LoadClient;
  readonly #subscriber: LoadClient;
  readonly #topic: string;
  readonly #qos: 0 | 1;
  #latenciesMs: number[] = [];
  #packetId = 0;
  sent = 0;

  constructor(publisher: LoadClient, subscriber: LoadClient, topic: string, qos: 0 | 1) {
    this.#publisher = publisher;
    this.#subscriber = subscriber;
    this.#topic = topic;
    this.#qos = qos;
  }

  get count(): number {
    return this.#latenciesMs.length;
  }

  async begin(): Promise<void> {
    this.#subscriber.onPublish = (bytes, payloadStart) => {
      this.#latenciesMs.push(performance.now() - bytes.readDoubleBE(payloadStart));
    };
    await this.#subscriber.subscribe(this.#topic, this.#qos);
  }

  forget(): void {
    this.#latenciesMs = [];
    this.sent = 0;
  }

  /** What is due is sent every millisecond; what a late timer missed, at once. */
  async publish(perSecond: number, durationMs: number): Promise<void> {
    const payload = Buffer.alloc(PAYLOAD_BYTES);
    const template = publishTemplate({ topic: this.#topic, payload, qos: this.#qos });
    const startedAt = performance.now();
    let sent = 0;
    for (;;) {
      const elapsedMs = performance.now() - startedAt;
      if (elapsedMs >= durationMs) return;
      for (; sent < (elapsedMs * perSecond) / 1_000; sent += 1) {
        const frame = Buffer.from(template.bytes);
        this.#packetId = (this.#packetId % 65_535) + 1;
        if (template.idOffset >= 0) frame.writeUInt16BE(this.#packetId, template.idOffset);
        frame.writeDoubleBE(performance.now(), template.payloadOffset);
        this.#publisher.write(frame);
        this.sent += 1;
      }
      await pause(1);
    }
  }

  /** Every latency in milliseconds. */
  sorted(): Float64Array {
    return Float64Array.from(this.#latenciesMs).sort();
  }

  figures(): Figure[] {
    const sorted = this.sorted();
    const delivered = Math.min(1, this.count / this.sent);
    return [
      { name: 'p50', unit: 'ms', value: quantile(sorted, 0.5), delivered },
      { name: 'p99', unit: 'ms', value: quantile(sorted, 0.99), delivered },
    ];
  }
}
