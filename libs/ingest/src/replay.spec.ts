import { aMessage, asDevice, asIntegration, NOW } from './fixtures/message.js';
import { World } from './fixtures/world.js';
import type { IncomingMessage, MessageSender } from './message.js';
import type { ReplayOutcome } from './replay.js';

const SINGLE = 'hearth/porch/telemetry/temperature';
const DAY_MS = 86_400_000;
const thePast = NOW - 3 * DAY_MS;

const anOldMessage = (topic: string, payload: string): IncomingMessage =>
  aMessage(topic, payload, { receivedAtMs: thePast });

async function replay(
  world: World,
  topic: string,
  payload: string,
  stampMs = thePast,
  sender: MessageSender = asDevice(),
): Promise<ReplayOutcome> {
  const outcome = world.ingest.replay(anOldMessage(topic, payload), sender, stampMs);
  await world.scheduler.turn();
  return outcome;
}
const times = (world: World) => [...world.rows.values()].map(({ ts }) => ts);

describe('a message that walks the line again', () => {
  it('becomes a reading of the time that it is given, however often', async () => {
    const world = new World();
    for (let n = 0; n < 2; n += 1) {
      expect(await replay(world, SINGLE, '21.5', thePast + 7)).toMatchObject({
        result: 'accepted',
      });
    }
    expect(times(world)).toEqual([thePast + 7]);
  });

  it('keeps the times that it has', async () => {
    const world = new World();
    await replay(world, 'hearth/porch/telemetry', `{"temperature":21,"ts":${thePast - 5}}`);
    expect(times(world)).toEqual([thePast - 5]);
  });

  it('leaves the clock of what comes in now alone', async () => {
    const world = new World();
    const live = () => world.ingest.accept(aMessage(SINGLE, '22'), asDevice());
    void live();
    void live();
    await replay(world, SINGLE, '21.5');
    void live();
    await world.scheduler.turn();
    expect(times(world).toSorted((a, b) => a - b)).toEqual([thePast, NOW, NOW + 1, NOW + 2]);
  });

  it('says what it is refused for, and makes no second letter', async () => {
    const world = new World();
    const outcome = await replay(world, SINGLE, '999');
    expect(outcome).toMatchObject({ result: 'refused', refusal: { code: 'out-of-range' } });
    expect([world.letters, world.ingest.counts().refused]).toEqual([[], []]);
  });

  it.each([
    ['on a topic that is nobody’s', 'zigbee/lamp', '1'],
    ['that says what the device was then', 'hearth/porch/status', 'online'],
  ])('tells nobody of a message %s', async (_, topic, payload) => {
    const world = new World();
    const outcome = await replay(world, topic, payload, thePast, asIntegration());
    expect(outcome).toEqual({ result: 'no-readings' });
    expect([world.facts, world.sightings]).toEqual([[], []]);
  });

  it.each(['zigbee/', 'hearth/porch/telemetry/'])(
    'is not taken for another when its topic was cut: %s',
    async (beginning) => {
      const world = new World();
      const topic = beginning + 'x'.repeat(60_000);
      void world.ingest.accept(aMessage(topic, '1'), asDevice());
      await world.scheduler.turn();
      const cut = world.letters[0]?.topic ?? '';
      expect(cut.length).toBeLessThan(2_000);
      expect((await replay(world, cut, '1')).result).toBe('refused');
    },
  );

  it('is no slow acknowledgement', async () => {
    const world = new World();
    await replay(world, SINGLE, '21.5');
    expect(world.ingest.counts()).toMatchObject({ stored: 1, ackP99Ms: null });
  });
});

describe('a rehearsal', () => {
  it('names the readings and stores nothing', async () => {
    const world = new World();
    const rehearsal = world.ingest.rehearse(anOldMessage(SINGLE, '21.5'), asDevice());
    await world.scheduler.turn();
    expect(rehearsal).toMatchObject({ isStamped: true, readings: [{ ts: thePast, value: 21.5 }] });
    expect([world.rows.size, world.book.list('porch')]).toEqual([0, []]);
  });

  it('knows readings that have their time', () => {
    const world = new World();
    const message = anOldMessage('hearth/porch/telemetry', `{"temperature":21,"ts":${thePast}}`);
    expect(world.ingest.rehearse(message, asDevice()).isStamped).toBe(false);
  });

  it('leaves a series that has waiting readings where it is', () => {
    const world = new World();
    void world.ingest.accept(aMessage(SINGLE, '22'), asDevice());
    world.ingest.rehearse(anOldMessage(SINGLE, '21.5'), asDevice());
    expect(world.book.list('porch')).toHaveLength(1);
  });
});
