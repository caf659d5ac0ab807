// A client that means no harm: what it publishes must come back, soon, whatever the others do.

import {
  connectRaw,
  pingreq,
  publish,
  subscribe,
  unsubscribe,
  type ConnectedClient,
} from '@hearth/testkit';

const TOPIC = 'probe/echo';

export class Probe {
  longestMs = 0;
  echoes = 0;
  readonly #client: ConnectedClient;

  private constructor(client: ConnectedClient) {
    this.#client = client;
  }

  static async open(port: number, boundMs: number): Promise<Probe> {
    const client = await connectRaw(port, {
      clientId: 'probe',
      username: 'probe',
      password: 'p',
      waitMs: boundMs,
    });
    await client.subscribe({ filter: TOPIC, qos: 1 });
    return new Probe(client);
  }

  /** One message there and back. Rejects when it does not come within the bound, or another comes. */
  async echo(): Promise<void> {
    const payload = `${++this.echoes}`;
    const startedMs = performance.now();
    const messageId = this.#client.sendPublish({ topic: TOPIC, payload, qos: 1 });
    const [first, second] = [await this.#client.expectAny(), await this.#client.expectAny()];
    const arrivals = [first, second];
    const own = arrivals.find((one) => one.cmd === 'publish');
    const ack = arrivals.find((one) => one.cmd === 'puback');
    if (
      own?.cmd !== 'publish' ||
      own.payload.toString() !== payload ||
      ack?.messageId !== messageId
    ) {
      throw new Error(`the probe sent ${payload} and got ${first.cmd} and ${second.cmd}`);
    }
    await this.#client.acknowledge(own);
    this.longestMs = Math.max(this.longestMs, performance.now() - startedMs);
  }

  /** Empties every retained topic that it can see. */
  async clearRetained(): Promise<void> {
    const topics = new Set<string>();
    this.#client.send(subscribe(5, 0xffff, ['#']));
    await this.#drain(topics);
    this.#client.send(unsubscribe(5, 0xffff, ['#']));
    await this.#drain(topics);
    for (const topic of topics) this.#client.send(publish(5, { topic, retain: true }));
    await this.#drain(topics);
  }

  /** Reads what comes (wills are published at any time) until all that was sent is answered. */
  async #drain(retained: Set<string>): Promise<void> {
    this.#client.send(pingreq());
    for (;;) {
      const arrival = await this.#client.expectAny();
      if (arrival.cmd === 'pingresp') return;
      if (arrival.cmd === 'publish' && arrival.retain) retained.add(arrival.topic);
    }
  }
}
