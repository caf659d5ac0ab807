// Several clients, a network that loses what is on its way, a storage that commits when it likes and a broker that
// crashes: whatever the order of events, what was acknowledged arrives, at QoS 2 once, and in order.

import { FakeClock } from '@hearth/testkit';
import * as fc from 'fast-check';
import { allowAll } from '../auth/allow-all.js';
import type { AckType } from '../codec/acks.js';
import type { InboundPacket, OutboundPacket } from '../codec/packets.js';
import { NO_PROPERTIES } from '../codec/properties.js';
import { makePublishPacket } from '../codec/publish.js';
import { Connection } from '../connection/connection.js';
import type { Core } from '../connection/core.js';
import type { Effects } from '../connection/effects.js';
import { receive } from '../connection/receive.js';
import { makeCore } from '../core-factory.js';
import { ProtocolError } from '../errors.js';
import { restore } from '../storage/restore.js';
import type { Change, Storage } from '../storage/storage.js';
import type { Delivery } from './session-link.js';

type Down =
  | { type: 'publish'; packetId: number; topic: string; text: string; qos: number }
  | { type: AckType; packetId: number; reasonCode: number }
  | OutboundPacket;

/** Commits when told to. */
class ModelStorage implements Storage {
  #waiting: Change[] = [];
  #resolve: (() => void) | undefined;
  #promise: Promise<void> | undefined;
  readonly committed: Change[];

  constructor(committed: readonly Change[]) {
    this.committed = [...committed];
  }
  open(): Iterable<Change> {
    return [...this.committed];
  }
  append(change: Change): void {
    this.#waiting.push(change);
  }
  commit(): Promise<void> {
    return (this.#promise ??= new Promise((resolve) => {
      this.#resolve = resolve;
    }));
  }
  complete(): void {
    this.committed.push(...this.#waiting);
    this.#waiting = [];
    this.#promise = undefined;
    this.#resolve?.();
  }
  async close(): Promise<void> {}
}

/** The end of a connection at the client: packets on their way to it. */
class Network implements Effects {
  readonly congested = false;
  readonly down: Down[] = [];
  readonly up: InboundPacket[] = [];
  beginExchange(): void {}
  begin(): void {}
  fits(): boolean {
    return true;
  }
  send(packet: OutboundPacket): boolean {
    this.down.push(packet);
    return true;
  }
  acknowledge(type: AckType, packetId: number, reasonCode: number): void {
    this.down.push({ type, packetId, reasonCode });
  }
  deliverQos0(): 'sent' {
    return 'sent';
  }
  deliver({ message, qos }: Delivery, packetId: number): 'sent' {
    const text = message.payload.toString();
    this.down.push({ type: 'publish', packetId, topic: message.topic, text, qos });
    return 'sent';
  }
  pause(): void {}
  resume(): void {}
  later(goOn: () => void): void {
    goOn();
  }
  probe(): void {}
  close(): void {}
}

interface Outgoing {
  readonly text: string;
  readonly qos: 1 | 2;
  step: 'publish' | 'pubrel';
}

const RECEIVE_MAXIMUM = 3;

/** A client that keeps its side of the session. */
class ModelClient {
  readonly name: string;
  /** What the broker acknowledged, and what came. */
  readonly acknowledged: { text: string; qos: 1 | 2 }[] = [];
  readonly received: { topic: string; text: string; qos: number }[] = [];
  readonly #filter: { filter: string; qos: 1 | 2 } | undefined;
  readonly #outgoing = new Map<number, Outgoing>();
  readonly #incoming = new Set<number>();
  #packetId = 0;
  #sequence = 0;
  #isSubscribed = false;
  #isOpen = false;
  #link: { connection: Connection; network: Network } | undefined;

  constructor(name: string, filter?: { filter: string; qos: 1 | 2 }) {
    this.name = name;
    this.#filter = filter;
  }

  get isIdle(): boolean {
    const traffic = (this.#link?.network.down.length ?? 0) + (this.#link?.network.up.length ?? 0);
    return this.#link !== undefined && traffic === 0 && this.#outgoing.size === 0;
  }

  connect(core: Core): void {
    if (this.#link !== undefined) return;
    const network = new Network();
    const peer = { address: '192.0.2.1', transport: 'tcp' } as const;
    this.#link = { connection: new Connection(core, network, peer, core.settings), network };
    network.up.push({
      type: 'connect',
      protocolVersion: 5,
      cleanStart: false,
      keepAliveSeconds: 0,
      clientId: this.name,
      will: undefined,
      username: undefined,
      password: undefined,
      properties: { sessionExpiryInterval: 1000, receiveMaximum: RECEIVE_MAXIMUM },
    });
    this.moveUp();
  }

  /** Whatever is on its way is lost. */
  cut(): void {
    this.#link?.connection.lost();
    this.bereave();
  }

  /** The broker died: its side does nothing any more. */
  bereave(): void {
    this.#link = undefined;
    this.#isOpen = false;
  }

  publish(qos: 1 | 2): void {
    if (this.#outgoing.size > 4) return;
    do this.#packetId = (this.#packetId % 6) + 1;
    while (this.#outgoing.has(this.#packetId));
    const outgoing: Outgoing = { text: String(++this.#sequence), qos, step: 'publish' };
    this.#outgoing.set(this.#packetId, outgoing);
    if (this.#isOpen) this.#send(this.#packetId, outgoing, false);
  }

  #send(packetId: number, { text, qos, step }: Outgoing, dup: boolean): void {
    const { up } = this.#link?.network ?? {};
    const reason = { reasonCode: 0, properties: NO_PROPERTIES };
    if (step === 'pubrel') up?.push({ type: 'pubrel', packetId, ...reason });
    else up?.push({ ...publishOf(text), qos, packetId, dup });
  }

  moveUp(): void {
    const link = this.#link;
    const packet = link?.network.up.shift();
    if (link === undefined || packet === undefined) return;
    if (packet.type === 'publish') {
      packet.topic = link.connection.core.topics.resolveName(`t/${this.name}`);
    }
    try {
      receive(link.connection, packet);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      throw new Error(`${this.name} broke the protocol: ${error.message}`, { cause: error });
    }
  }

  moveDown(): void {
    const link = this.#link;
    const packet = link?.network.down.shift();
    if (link === undefined || packet === undefined) return;
    this.#take(packet, link.network);
  }

  #take(packet: Down, { up }: Network): void {
    const reply = (type: 'puback' | 'pubrec' | 'pubcomp' | 'pubrel', packetId: number): void =>
      void up.push({ type, packetId, reasonCode: 0, properties: NO_PROPERTIES });
    if (packet.type === 'connack') this.#opened();
    else if (packet.type === 'suback') this.#isSubscribed = true;
    else if (packet.type === 'publish') {
      const { packetId, topic, text, qos } = packet;
      if (qos < 2 || !this.#incoming.has(packetId)) this.received.push({ topic, text, qos });
      if (qos === 2) this.#incoming.add(packetId);
      reply(qos === 2 ? 'pubrec' : 'puback', packetId);
    } else if (packet.type === 'pubrel') {
      this.#incoming.delete(packet.packetId);
      reply('pubcomp', packet.packetId);
    } else if (packet.type === 'puback') this.#finish(packet.packetId);
    else if (packet.type === 'pubcomp') this.#outgoing.delete(packet.packetId);
    else if (packet.type === 'pubrec') {
      this.#release(packet.packetId);
      reply('pubrel', packet.packetId);
    } else throw new Error(`${this.name} got ${JSON.stringify(packet)}`);
  }

  #opened(): void {
    this.#isOpen = true;
    for (const [packetId, outgoing] of this.#outgoing) this.#send(packetId, outgoing, true);
    if (this.#filter === undefined || this.#isSubscribed) return;
    const options = { noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
    const requests = [{ ...this.#filter, ...options }];
    this.#link?.network.up.push({
      type: 'subscribe',
      packetId: 999,
      requests,
      properties: NO_PROPERTIES,
    });
  }

  #finish(packetId: number): void {
    const outgoing = this.#outgoing.get(packetId);
    if (outgoing === undefined) return;
    this.acknowledged.push(outgoing);
    this.#outgoing.delete(packetId);
  }

  #release(packetId: number): void {
    const outgoing = this.#outgoing.get(packetId);
    if (outgoing?.step !== 'publish') return;
    outgoing.step = 'pubrel';
    this.acknowledged.push(outgoing);
  }
}

function publishOf(text: string): ReturnType<typeof makePublishPacket> {
  const buffer = Buffer.from(text);
  return { ...makePublishPacket(), version: 5, buffer, payloadStart: 0, frameEnd: buffer.length };
}

class World {
  readonly clock = new FakeClock();
  readonly publishers = [new ModelClient('p1'), new ModelClient('p2')];
  readonly subscribers = [
    new ModelClient('s1', { filter: 't/#', qos: 1 }),
    new ModelClient('s2', { filter: 't/+', qos: 2 }),
  ];
  readonly sharing = [
    new ModelClient('g1', { filter: '$share/g/t/#', qos: 2 }),
    new ModelClient('g2', { filter: '$share/g/t/#', qos: 1 }),
  ];
  readonly clients = [...this.publishers, ...this.subscribers, ...this.sharing];
  #storage = new ModelStorage([]);
  #core = this.#make();

  #make(): Core {
    const { clock } = this;
    const limits = { maxInflightMessages: RECEIVE_MAXIMUM };
    const onError = (error: unknown): never => {
      throw error;
    };
    const authenticator = allowAll();
    return makeCore({
      listeners: [],
      clock,
      limits,
      storage: this.#storage,
      authenticator,
      onError,
    });
  }

  async crash(): Promise<void> {
    for (const client of this.clients) client.bereave();
    this.#storage = new ModelStorage(this.#storage.committed);
    this.#core = this.#make();
    await restore(this.#core, this.#storage.open());
  }

  async commit(): Promise<void> {
    this.#storage.complete();
    await settle();
  }

  connect(client: ModelClient): void {
    client.connect(this.#core);
  }

  /** Everybody comes back and everything arrives. */
  async drain(): Promise<void> {
    for (let round = 0; round < 2000; round++) {
      for (const client of this.clients) {
        this.connect(client);
        client.moveUp();
        client.moveDown();
      }
      await this.commit();
      if (round > 5 && this.clients.every((client) => client.isIdle)) return;
    }
    throw new Error('it never comes to rest');
  }
}

/** Lets promises that are resolved be followed. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

type Event =
  | { do: 'publish'; who: number; qos: 1 | 2 }
  | { do: 'up' | 'down' | 'cut'; who: number }
  | { do: 'all up' | 'all down' | 'all connect' }
  | { do: 'commit' }
  | { do: 'crash' };

const who = fc.nat({ max: 5 });
const qos = fc.constantFrom(1 as const, 2 as const);
const some = <D extends Event['do']>(what: D): fc.Arbitrary<{ do: D; who: number }> =>
  fc.record({ do: fc.constant(what), who });
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('publish' as const), who: fc.nat({ max: 1 }), qos }),
  },
  { weight: 3, arbitrary: some('up') },
  { weight: 3, arbitrary: some('down') },
  { weight: 8, arbitrary: fc.constantFrom<Event>({ do: 'all up' }, { do: 'all down' }) },
  { weight: 1, arbitrary: some('cut') },
  { weight: 2, arbitrary: fc.constant<Event>({ do: 'all connect' }) },
  { weight: 3, arbitrary: fc.constant<Event>({ do: 'commit' }) },
  { weight: 1, arbitrary: fc.constant<Event>({ do: 'crash' }) },
);

async function play(world: World, events: readonly Event[]): Promise<void> {
  for (const one of events) {
    if (one.do === 'commit') await world.commit();
    else if (one.do === 'crash') await world.crash();
    else if ('who' in one) happenTo(world.clients[one.who]!, one);
    else for (const client of world.clients) happenToAll(world, client, one.do);
  }
}

function happenTo(client: ModelClient, one: Extract<Event, { who: number }>): void {
  if (one.do === 'publish') client.publish(one.qos);
  else if (one.do === 'up') client.moveUp();
  else if (one.do === 'down') client.moveDown();
  else client.cut();
}

function happenToAll(world: World, client: ModelClient, what: string): void {
  if (what === 'all up') client.moveUp();
  else if (what === 'all down') client.moveDown();
  else world.connect(client);
}

/** What one subscriber got of one publisher, in order. */
function textsOf(receiver: ModelClient, publisher: ModelClient): string[] {
  const topic = `t/${publisher.name}`;
  return receiver.received.filter((one) => one.topic === topic).map(({ text }) => text);
}

const firsts = (texts: readonly string[]): string[] => [...new Set(texts)];
const repeated = (texts: readonly string[]): string[] =>
  texts.filter((text, index) => texts.indexOf(text) !== index);

describe('delivery, whatever the order of events', () => {
  const runs = fc.asyncProperty(
    fc.array(event, { maxLength: 150, size: 'max' }),
    async (events) => {
      const world = new World();
      await world.drain();
      await play(world, events);
      await world.drain();
      for (const publisher of world.publishers) {
        const { acknowledged } = publisher;
        const promised = acknowledged.map(({ text }) => text);
        const twos = acknowledged.filter(({ qos }) => qos === 2).map(({ text }) => text);
        const [s1, s2] = world.subscribers.map((one) => textsOf(one, publisher));
        // Nothing that was acknowledged is lost, and every publisher was acknowledged in the end.
        expect(firsts(s1!)).toEqual(expect.arrayContaining(promised));
        expect(firsts(s2!)).toEqual(expect.arrayContaining(promised));
        // QoS 2 arrives once where it is subscribed at QoS 2. [MQTT-4.3.3-1]
        expect(repeated(s2!).filter((text) => twos.includes(text))).toEqual([]);
        // In the order in which it was published, of each QoS. [MQTT-4.6.0-6]
        for (const texts of [s1!, s2!]) {
          const ofTwo = firsts(texts).filter((text) => twos.includes(text));
          expect(ofTwo).toEqual(ofTwo.toSorted((a, b) => Number(a) - Number(b)));
        }
        // One or the other member of the shared subscription has it.
        const shared = world.sharing.flatMap((one) => textsOf(one, publisher));
        expect(firsts(shared)).toEqual(expect.arrayContaining(promised));
      }
    },
  );

  it('loses nothing that was acknowledged, repeats nothing at QoS 2, and keeps its order', async () => {
    await fc.assert(runs, { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 150) });
  }, 60_000);
});
