import { MAX_CLOCK_DIFFERENCE_MS, type DeviceId } from '@hearth/contracts';
import * as fc from 'fast-check';
import { ClockBook } from './clock-book.js';
import { arrivalIn, clockOffset, type ClockStretch } from './clock-stretch.js';
import { NOW } from './fixtures/message.js';

const PORCH = 'porch' as DeviceId;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A book, and a device that speaks to it. */
function aBook() {
  const sut = new ClockBook();
  /** Tells a message by arrival and by how far its times are ahead of that. */
  const hear = (afterMs: number, ...aheadMs: (number | undefined)[]) =>
    sut.note(
      PORCH,
      aheadMs.map((ahead) => ({ ts: ahead === undefined ? undefined : NOW + afterMs + ahead })),
      NOW + afterMs,
    );
  /** Messages every ten seconds from `fromMs` on, `count` of them. */
  const hearSteadily = (fromMs: number, count: number, aheadMs: number | undefined) => {
    for (let n = 0; n < count; n += 1) hear(fromMs + n * 10 * SECOND, aheadMs);
  };
  return { sut, hear, hearSteadily };
}

describe(ClockBook.name, () => {
  it.each([
    ['without times', undefined],
    ['that are on time', 0],
    ['that are on time, all but the bound', -MAX_CLOCK_DIFFERENCE_MS],
    ['that are a little ahead', MAX_CLOCK_DIFFERENCE_MS],
  ])('keeps nothing of readings %s', (_, ahead) => {
    const { sut, hearSteadily } = aBook();
    hearSteadily(0, 10, ahead);
    expect([sut.offset(PORCH), sut.takeAll()]).toEqual([undefined, []]);
  });

  it('knows at the first message that a clock is ahead', () => {
    const { sut, hear } = aBook();
    hear(0, HOUR);
    expect(sut.offset(PORCH)).toBe(HOUR);
    expect(sut.takeChanged()).toEqual([
      {
        deviceId: PORCH,
        fromAtMs: NOW,
        toAtMs: NOW,
        fromTs: NOW + HOUR,
        toTs: NOW + HOUR,
        messages: 1,
      },
    ]);
    expect(sut.takeChanged()).toEqual([]);
  });

  it('knows it even at once after a reading that came late', () => {
    const { sut, hear } = aBook();
    hear(0, -2 * HOUR);
    hear(100, HOUR);
    expect(sut.offset(PORCH)).toBe(HOUR);
  });

  it('knows that a clock is behind once it goes on like that', () => {
    const { sut, hearSteadily } = aBook();
    hearSteadily(0, 3, -200 * SECOND);
    expect(sut.offset(PORCH)).toBeUndefined();
    hearSteadily(30 * SECOND, 1, -200 * SECOND);
    expect(sut.offset(PORCH)).toBe(-200 * SECOND);
    expect(sut.offset('cellar')).toBeUndefined();
  });

  it('takes a buffer that is sent for late, and not for a clock', () => {
    const { sut, hear } = aBook();
    // An hour of readings in two minutes, while readings of now go between.
    for (let n = 0; n <= 120; n += 1) {
      hear(n * SECOND, -HOUR + n * 29 * SECOND);
      hear(n * SECOND, 0);
      expect(sut.offset(PORCH)).toBeUndefined();
    }
    const [stretch, ...more] = sut.takeAll();
    expect(more).toEqual([]);
    expect(stretch).toMatchObject({ fromTs: NOW - HOUR, fromAtMs: NOW, messages: 121 });
  });

  it('keeps the arrival of a backfill, whose last reading is on time', () => {
    const { sut, hear } = aBook();
    hear(0, -HOUR, -MINUTE, 0);
    expect(sut.offset(PORCH)).toBeUndefined();
    expect(sut.takeAll()).toMatchObject([
      { fromAtMs: NOW, toAtMs: NOW, fromTs: NOW - HOUR, toTs: NOW },
    ]);
  });

  it('ends with the jump to the right time, and begins anew with the next wrong one', () => {
    const { sut, hear, hearSteadily } = aBook();
    hearSteadily(0, 10, -HOUR);
    hear(100 * SECOND, 0);
    expect(sut.offset(PORCH)).toBeUndefined();
    hearSteadily(110 * SECOND, 10, -HOUR);
    expect(sut.offset(PORCH)).toBe(-HOUR);
    expect(
      sut.takeAll().map((one) => [one.fromAtMs - NOW, one.toAtMs - NOW, one.messages]),
    ).toEqual([
      [0, 90 * SECOND, 10],
      [110 * SECOND, 200 * SECOND, 10],
    ]);
  });

  it('ends with the jump from one wrong time to another', () => {
    const { sut, hearSteadily } = aBook();
    hearSteadily(0, 10, HOUR);
    hearSteadily(100 * SECOND, 10, 2 * HOUR);
    expect(sut.takeAll().map(clockOffset)).toEqual([HOUR, 2 * HOUR]);
  });

  it('lets readings without time between them be', () => {
    const { sut, hear } = aBook();
    for (let n = 0; n < 10; n += 1) {
      hear(n * 10 * SECOND, -HOUR);
      hear(n * 10 * SECOND + 1, undefined);
    }
    expect(sut.offset(PORCH)).toBe(-HOUR);
  });

  it('tells a stretch that only goes on once a minute, and its end at last', () => {
    const { sut, hearSteadily } = aBook();
    let told = 0;
    for (let n = 0; n < 600; n += 1) {
      hearSteadily(n * 10 * SECOND, 1, HOUR);
      told += sut.takeChanged().length;
    }
    expect(told).toBe(100);
    hearSteadily(6_000 * SECOND, 2, HOUR);
    expect(sut.takeAll()).toMatchObject([{ messages: 602, toAtMs: NOW + 6_010 * SECOND }]);
  });

  it('makes one stretch in ten seconds at most, however the times jump about', () => {
    const { sut } = aBook();
    let count = 0;
    for (let n = 0; n < 1_000; n += 1) {
      const jump = n % 2 === 0 ? HOUR : -HOUR;
      sut.note(PORCH, [{ ts: NOW + jump }], NOW + n * 100);
      count += sut.takeChanged().length;
    }
    expect(count).toBeLessThanOrEqual(10 * 2);
  });

  it('forgets a device that is gone', () => {
    const { sut, hear } = aBook();
    hear(0, HOUR);
    sut.forget(PORCH);
    expect([sut.offset(PORCH), sut.takeAll()]).toEqual([undefined, []]);
  });

  it('tells the arrival of every reading, whatever the clock and the delivery do', () => {
    const message = fc.record({
      pauseMs: fc.integer({ min: 0, max: 5 * MINUTE }),
      // What happens before it: the clock jumps, or the readings begin to wait.
      jumpMs: fc.oneof(
        { weight: 8, arbitrary: fc.constant(0) },
        fc.integer({ min: -2 * HOUR, max: 2 * HOUR }),
      ),
      lateMs: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: HOUR })),
      entries: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 40 }), (messages) => {
        const sut = new ClockBook();
        const byKey = new Map<string, ClockStretch>();
        const readings: { ts: number; atMs: number }[] = [];
        let atMs = NOW;
        let ahead = 0;
        for (const { pauseMs, jumpMs, lateMs, entries } of messages) {
          atMs += pauseMs;
          ahead += jumpMs;
          const samples = Array.from({ length: entries }, (_, n) => ({
            ts: atMs + ahead - lateMs - (entries - 1 - n) * 20 * SECOND,
          }));
          sut.note(PORCH, samples, atMs);
          readings.push(...samples.map(({ ts }) => ({ ts, atMs })));
          for (const one of sut.takeChanged()) byKey.set(`${one.fromAtMs}`, one);
        }
        for (const one of sut.takeAll()) byKey.set(`${one.fromAtMs}`, one);
        const stretches = [...byKey.values()];
        for (const { ts, atMs: arrivedMs } of readings) {
          const told = [ts, ...stretches.flatMap((one) => arrivalIn(one, ts) ?? [])];
          const nearest = Math.min(...told.map((ms) => Math.abs(ms - arrivedMs)));
          expect(nearest).toBeLessThanOrEqual(MAX_CLOCK_DIFFERENCE_MS);
        }
      }),
      { numRuns: 500 },
    );
  });
});
