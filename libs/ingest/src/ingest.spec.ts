import { readFileSync } from 'node:fs';
import { MAX_DEAD_LETTER_BYTES, MAX_PAYLOAD_BYTES } from '@hearth/contracts';
import { aMessage, asDevice, asIntegration, HOME, NOW } from './fixtures/message.js';
import { World } from './fixtures/world.js';
import type { IncomingMessage, MessageSender } from './message.js';
import { STEPS } from './refusal.js';

const TELEMETRY = 'hearth/porch/telemetry';

function send(
  world: World,
  topic: string,
  payload: string,
  more: Partial<IncomingMessage> = {},
  sender: MessageSender = asDevice(),
): Promise<void> | undefined {
  return world.ingest.accept(aMessage(topic, payload, more), sender);
}

const at = (ts: number, value = 21): string => `{"temperature":${value},"ts":${ts}}`;

/** A promise that holds commits back, and its release. */
function aGate(): { gate: Promise<void>; release: () => void } {
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  return { gate, release };
}

describe('the line of a reading', () => {
  it('is the line that docs/architecture.md draws', () => {
    const docs = readFileSync(new URL('../../../docs/architecture.md', import.meta.url), 'utf8');
    const drawing = docs.slice(docs.indexOf("## A reading's life"));
    const places = STEPS.map((step) => drawing.search(new RegExp(`(?<=\\s{3})${step}\\b`)));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('ends in a row, a newest value and an announcement, and only then in an acknowledgement', async () => {
    const world = new World();
    const { gate, release } = aGate();
    world.gate = gate;
    let acknowledged = false;
    void send(world, TELEMETRY, at(NOW))?.then(() => (acknowledged = true));
    await world.scheduler.turn();
    expect([acknowledged, world.announced.length]).toEqual([false, 0]);
    release();
    await world.scheduler.turn();
    expect(acknowledged).toBe(true);
    expect([...world.rows.values()]).toEqual([
      { deviceId: 'porch', metric: 'temperature', ts: NOW, value: 21 },
    ]);
    expect(world.announced).toEqual([
      { seriesId: 1, deviceId: 'porch', metric: 'temperature', ts: NOW, value: 21 },
    ]);
    expect(world.book.find('porch', 'temperature')).toMatchObject({ id: 1, latestValue: 21 });
  });

  it('gives one promise to all messages of a batch', () => {
    const world = new World();
    expect(send(world, TELEMETRY, at(NOW))).toBe(send(world, TELEMETRY, at(NOW + 1)));
  });

  it('stores a message that comes twice once, before and after its commit', async () => {
    const world = new World();
    void send(world, TELEMETRY, at(NOW));
    void send(world, TELEMETRY, at(NOW), { dup: true } as Partial<IncomingMessage>);
    await world.scheduler.turn();
    expect(world.batches[0]?.mayRepeat).toBe(true);
    expect(send(world, TELEMETRY, at(NOW))).toBeUndefined();
    expect(world.rows.size).toBe(1);
    expect(world.ingest.counts()).toMatchObject({
      readings: 3,
      stored: 1,
      duplicates: 2,
      messages: 3,
    });
  });

  it('stores every one of many readings without time that come in one millisecond', async () => {
    const world = new World();
    for (let value = 0; value < 100; value += 1) {
      void send(world, `${TELEMETRY}/temperature`, String(value));
    }
    await world.scheduler.turn();
    expect(world.rows.size).toBe(100);
  });

  it('acknowledges an unchanged text only with the commit of the change that it repeats', async () => {
    const world = new World();
    const { gate, release } = aGate();
    world.gate = gate;
    void send(world, TELEMETRY, `{"mode":"eco","ts":${NOW}}`);
    await world.scheduler.turn();
    let acknowledged = false;
    void send(world, TELEMETRY, `{"mode":"eco","ts":${NOW + 1}}`)?.then(
      () => (acknowledged = true),
    );
    await world.scheduler.turn();
    expect(acknowledged).toBe(false);
    release();
    await world.scheduler.turn();
    await world.scheduler.turn();
    expect(acknowledged).toBe(true);
    expect(world.rows.size).toBe(1);
  });

  it('takes an empty retained message for what it is: nothing', () => {
    const world = new World();
    expect(send(world, TELEMETRY, '', { retain: true })).toBeUndefined();
    expect(send(world, 'hearth/porch/status', '', { retain: true })).toBeUndefined();
    expect(world.ingest.counts().refused).toEqual([]);
  });

  it('measures from receipt to commit', async () => {
    const world = new World();
    void send(world, TELEMETRY, at(NOW));
    world.scheduler.nowMs += 40;
    await world.scheduler.turn();
    expect(world.ingest.counts().ackP50Ms).toBeGreaterThanOrEqual(40);
    expect(world.ingest.counts().ackP99Ms).toBeLessThanOrEqual(50);
  });
});

describe('a refused message', () => {
  it('is counted, kept and acknowledged', async () => {
    const world = new World();
    let acknowledged = false;
    void send(world, TELEMETRY, 'not json')?.then(() => (acknowledged = true));
    await world.scheduler.turn();
    expect(acknowledged).toBe(true);
    expect(world.rows.size).toBe(0);
    expect(world.letters).toMatchObject([
      {
        topic: TELEMETRY,
        deviceId: 'porch',
        principalId: 'porch',
        step: 'parse',
        code: 'not-json',
        payload: Buffer.from('not json'),
        payloadBytes: 8,
      },
    ]);
    expect(world.ingest.counts().refused).toEqual([{ step: 'parse', code: 'not-json', count: 1 }]);
    expect(world.facts).toEqual([{ event: 'dead-letters', fact: { deviceIds: ['porch'] } }]);
  });

  it('keeps all bytes of what could ever be taken, and its own copy of them', async () => {
    const world = new World();
    const message = aMessage(TELEMETRY, 'x'.repeat(MAX_PAYLOAD_BYTES));
    void world.ingest.accept(message, asDevice());
    message.payload.fill(0);
    await world.scheduler.turn();
    expect(world.letters[0]?.payload).toEqual(Buffer.from('x'.repeat(MAX_PAYLOAD_BYTES)));
  });

  it('keeps the first bytes of what is too large', async () => {
    const world = new World();
    void send(world, TELEMETRY, 'x'.repeat(MAX_PAYLOAD_BYTES + 1));
    await world.scheduler.turn();
    expect(world.letters).toMatchObject([
      {
        payload: Buffer.from('x'.repeat(MAX_DEAD_LETTER_BYTES)),
        payloadBytes: MAX_PAYLOAD_BYTES + 1,
      },
    ]);
  });

  it('keeps the first bytes of what is too much at once, and all again after that', async () => {
    const world = new World({ maxWaitingLetterBytes: 100_000 });
    const payload = 'x'.repeat(60_000);
    for (let n = 0; n < 2; n += 1) void send(world, TELEMETRY, payload);
    await world.scheduler.turn();
    void send(world, TELEMETRY, payload);
    await world.scheduler.turn();
    expect(world.letters.map((letter) => letter.payload.length)).toEqual([
      60_000,
      MAX_DEAD_LETTER_BYTES,
      60_000,
    ]);
  });

  it.each<[string, MessageSender, string, string | undefined]>([
    ['an impostor', asDevice('cellar'), TELEMETRY, 'cellar'],
    ['an integration about a device', asIntegration(), `${TELEMETRY}/x/y/z`, undefined],
    ['an integration about a known device', asIntegration(), TELEMETRY, 'porch'],
    ['an integration about nobody', asIntegration(), 'hearth/attic/telemetry', undefined],
  ])('of %s stands in the list of who is to blame', async (_, sender, topic, deviceId) => {
    const world = new World({}, ['porch', 'cellar']);
    void send(world, topic, '{"temperature":"hot"}', {}, sender);
    await world.scheduler.turn();
    expect(world.letters).toMatchObject([{ deviceId }]);
  });

  it('of one home never stands in the list of another, whatever its topic names', async () => {
    const world = new World();
    void send(world, TELEMETRY, '21', {}, asIntegration('spy', 'home-2'));
    void send(world, 'hearth/porch/command/x', '{}', {}, asIntegration('spy', 'home-2'));
    await world.scheduler.turn();
    expect(world.letters).toMatchObject(
      [
        { code: 'not-from-devices', homeId: 'home-2', deviceId: undefined },
        { code: 'wrong-shape', homeId: 'home-2', deviceId: undefined },
      ].reverse(),
    );
  });

  it('never stores the good half of a message', async () => {
    const world = new World();
    void send(world, TELEMETRY, `[${at(NOW)},${at(NOW + 1, 999)}]`);
    await world.scheduler.turn();
    expect([world.rows.size, world.letters[0]?.code]).toEqual([0, 'out-of-range']);
  });

  it('is still counted and acknowledged when too many wait to be kept', () => {
    const world = new World({ maxWaitingDeadLetters: 2 });
    const outcomes = [1, 2, 3].map(() => send(world, TELEMETRY, ''));
    expect(outcomes[2]).toBeUndefined();
    expect(world.ingest.counts()).toMatchObject({
      droppedDeadLetters: 1,
      refused: [{ code: 'payload-empty', count: 3 }],
    });
  });
});

describe('too much at once', () => {
  it('drops and counts QoS 0, and holds QoS 1 unacknowledged', async () => {
    const world = new World({ maxWaitingRows: 2 });
    for (const ts of [1, 2, 3]) void send(world, TELEMETRY, at(NOW + ts), { qos: 0 });
    const held = send(world, TELEMETRY, at(NOW + 4));
    expect(held).toBeInstanceOf(Promise);
    expect(world.ingest.counts()).toMatchObject({ droppedQos0: 1, waiting: 3 });
    await world.scheduler.turn();
    expect([...world.rows.values()].map(({ ts }) => ts - NOW)).toEqual([1, 2, 4]);
  });

  it('refuses even QoS 1 at the very last limit, so that the sender keeps it', async () => {
    const world = new World({ maxWaitingRows: 1, maxHeldRows: 2 });
    void send(world, TELEMETRY, at(NOW));
    void send(world, TELEMETRY, at(NOW + 1));
    await expect(send(world, TELEMETRY, at(NOW + 2))).rejects.toThrow('overloaded');
    await world.scheduler.turn();
    expect([world.rows.size, world.ingest.counts().overloaded]).toEqual([2, 1]);
    await world.scheduler.turn();
    void send(world, TELEMETRY, at(NOW + 2));
    await world.scheduler.turn();
    expect(world.rows.size).toBe(3);
  });

  it('returns nothing to wait for at QoS 0', () => {
    expect(send(new World(), TELEMETRY, at(NOW), { qos: 0 })).toBeUndefined();
  });
});

describe('a database that is away', () => {
  it('acknowledges nothing, says so, and catches up by itself', async () => {
    const world = new World();
    world.outage = new Error('away');
    let acknowledged = 0;
    void send(world, TELEMETRY, at(NOW))?.then(() => (acknowledged += 1));
    await world.scheduler.turn();
    void send(world, TELEMETRY, at(NOW + 1))?.then(() => (acknowledged += 1));
    await world.scheduler.advance(100);
    expect([acknowledged, world.ingest.counts().isFailing]).toEqual([0, true]);
    expect(world.ingest.counts()).toMatchObject({ failedCommits: 2, failingSinceMs: NOW });
    expect(world.failures).toEqual([
      { what: 'readings', attempt: 1 },
      { what: 'readings', attempt: 2 },
    ]);
    world.outage = undefined;
    await world.scheduler.advance(200);
    expect([acknowledged, world.rows.size, world.ingest.counts().isFailing]).toEqual([2, 2, false]);
    expect(world.ingest.counts().failingSinceMs).toBeNull();
    const { buckets } = world.ingest.counts().commitRows;
    expect(buckets.filter(({ count }) => count > 0)).toEqual([{ upTo: 1, count: 2 }]);
    expect(world.facts).toContainEqual({ event: 'recovered', fact: { what: 'readings' } });
  });

  it('commits what waits when it stops', async () => {
    const world = new World();
    void send(world, TELEMETRY, at(NOW));
    const stopped = world.ingest.stop();
    await world.scheduler.turn();
    expect([await stopped, world.rows.size]).toEqual([0, 1]);
  });
});

describe('what a device says of itself', () => {
  it('tells a birth and a will apart', async () => {
    const world = new World();
    expect(send(world, 'hearth/porch/status', 'online')).toBeUndefined();
    void send(world, 'hearth/porch/status', 'offline', { kind: 'will' });
    expect(world.facts.map(({ fact }) => fact)).toEqual([
      { deviceId: 'porch', status: 'online', will: false, atMs: NOW },
      { deviceId: 'porch', status: 'offline', will: true, atMs: NOW },
    ]);
  });

  it('tells info and state as the contract has them', () => {
    const world = new World();
    void send(world, 'hearth/porch/info', '{"model":"ESP32","colour":"red"}');
    void send(world, 'hearth/porch/state', '{"version":1}');
    expect(world.facts).toEqual([
      { event: 'info', fact: { deviceId: 'porch', info: { model: 'ESP32' } } },
      { event: 'state', fact: { deviceId: 'porch', state: { version: 1 }, atMs: NOW } },
    ]);
  });

  it('believes the units that it declares', async () => {
    const world = new World();
    void send(world, 'hearth/porch/info', '{"metrics":[{"name":"temperature","unit":"°F"}]}');
    void send(world, TELEMETRY, at(NOW, 212));
    await world.scheduler.turn();
    expect([...world.rows.values()]).toMatchObject([{ value: expect.closeTo(100) }]);
  });

  it('passes a response on', () => {
    const world = new World();
    const response = { id: '0d9d3ed5-7f0b-4b2f-9f0a-3d5c0c9b9f10', status: 'applied' };
    void send(world, 'hearth/porch/response', JSON.stringify(response));
    expect(world.facts).toEqual([
      { event: 'response', fact: { deviceId: 'porch', response, atMs: NOW } },
    ]);
  });

  it('refuses what another device says of it', async () => {
    const world = new World({}, ['porch', 'cellar']);
    void send(world, 'hearth/porch/status', 'offline', {}, asDevice('cellar'));
    await world.scheduler.turn();
    expect(world.letters[0]).toMatchObject({ step: 'identify', code: 'impostor' });
    expect(world.facts.map(({ event }) => event)).toEqual(['dead-letters']);
  });
});

describe('a topic that nobody claims', () => {
  const TOPIC = 'sensor/building1/room101/temperature';

  it('is seen, with its last payload and the number of messages', async () => {
    const world = new World();
    for (const value of ['23.4', '23.5']) {
      void send(world, TOPIC, value, { receivedAtMs: NOW + 1 }, asIntegration('sensor'));
    }
    await world.scheduler.turn();
    expect(world.sightings).toMatchObject([
      {
        homeId: HOME,
        topic: TOPIC,
        principalId: 'sensor',
        firstSeenAtMs: NOW + 1,
        lastSeenAtMs: NOW + 1,
        messages: 2,
        sample: Buffer.from('23.5'),
      },
    ]);
    expect(world.facts).toEqual([{ event: 'discovered', fact: {} }]);
  });

  it('does not grow without bound, however many topics there are', async () => {
    const world = new World({ maxWaitingTopics: 2 });
    for (const topic of ['a', 'b', 'a', 'c', 'b', '__proto__']) {
      void send(world, topic, '1', {}, asIntegration());
    }
    await world.scheduler.turn();
    expect(world.sightings.map(({ topic, messages }) => [topic, messages])).toEqual([
      ['a', 2],
      ['b', 2],
    ]);
    expect(world.ingest.counts().droppedSightings).toBe(2);
  });
});
