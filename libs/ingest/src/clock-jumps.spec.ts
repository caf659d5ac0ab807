// Devices whose clock jumps, and that send again what was not acknowledged: at whatever time that is, a reading keeps the
// one place that its device gave it.
import { EARLIEST_TIMESTAMP_MS, MAX_CLOCK_AHEAD_MS } from '@hearth/contracts';
import * as fc from 'fast-check';
import { aMessage, asDevice, NOW } from './fixtures/message.js';
import { World } from './fixtures/world.js';

const DAY = 86_400_000;
const TELEMETRY = 'hearth/porch/telemetry';

interface Sent {
  readonly ts: number;
  readonly value: number;
}

const step = fc.record({
  pauseMs: fc.integer({ min: 0, max: 600_000 }),
  /** A jump of the clock before it: little, by a zone, to before NTP. */
  jumpMs: fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    fc.integer({ min: -120_000, max: 120_000 }),
    fc.constantFrom(-3_600_000, 3_600_000, -2 * DAY, 2 * DAY, -(NOW - EARLIEST_TIMESTAMP_MS) - DAY),
  ),
  /** Which of the messages so far come again before it, counted from the last. */
  again: fc.array(fc.nat(20), { maxLength: 3 }),
  commits: fc.boolean(),
});

const isBelievable = ({ ts }: Sent, atMs: number): boolean =>
  ts >= EARLIEST_TIMESTAMP_MS && ts <= atMs + MAX_CLOCK_AHEAD_MS;

describe('a clock that jumps', () => {
  it('stores each reading once, at the time that the device gave, however often it comes again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const world = new World();
        const expected = new Map<number, number>();
        const refused = { before: 0, ahead: 0 };
        const sent: Sent[] = [];
        let atMs = NOW;
        let aheadMs = 0;
        const send = (one: Sent): void => {
          const payload = `{"temperature":${one.value},"ts":${one.ts}}`;
          const message = aMessage(TELEMETRY, payload, { receivedAtMs: atMs });
          void world.ingest.accept(message, asDevice());
          if (!isBelievable(one, atMs)) {
            refused[one.ts < EARLIEST_TIMESTAMP_MS ? 'before' : 'ahead'] += 1;
          } else if (!expected.has(one.ts)) expected.set(one.ts, one.value);
        };
        for (const [index, { pauseMs, jumpMs, again, commits }] of steps.entries()) {
          atMs += pauseMs;
          aheadMs += jumpMs;
          for (const back of again) {
            const one = sent.at(-1 - back);
            if (one !== undefined) send(one);
          }
          const fresh = { ts: atMs + aheadMs, value: index };
          sent.push(fresh);
          send(fresh);
          if (commits) await world.scheduler.turn();
        }
        await world.scheduler.turn();
        await world.scheduler.turn();
        const stored = new Map([...world.rows.values()].map(({ ts, value }) => [ts, value]));
        expect(stored).toEqual(expected);
        expect(world.rows.size).toBe(expected.size);
        const letters = world.letters.map(({ code }) => code);
        expect(letters.filter((code) => code === 'ts-too-old')).toHaveLength(refused.before);
        expect(letters.filter((code) => code === 'ts-too-far-ahead')).toHaveLength(refused.ahead);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps the device time of a reading, and tells how far that is from its arrival', async () => {
    const world = new World();
    void world.ingest.accept(
      aMessage(TELEMETRY, `{"temperature":21,"ts":${NOW + 3_600_000}}`),
      asDevice(),
    );
    await world.scheduler.turn();
    expect([...world.rows.values()]).toMatchObject([{ ts: NOW + 3_600_000 }]);
    expect(world.ingest.clocks.offset('porch')).toBe(3_600_000);
  });

  it('says nothing of a clock by a message that is refused, or replayed', () => {
    const world = new World();
    const payload = `{"temperature":21,"humidity":400,"ts":${NOW + 3_600_000}}`;
    void world.ingest.accept(aMessage(TELEMETRY, payload), asDevice());
    const old = aMessage(TELEMETRY, `{"temperature":21,"ts":${NOW - 3_600_000}}`);
    world.ingest.replay(old, asDevice(), NOW);
    expect(world.ingest.clocks.takeAll()).toEqual([]);
  });
});
