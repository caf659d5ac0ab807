import type { MetricKind } from '@hearth/contracts';
import { aMessage, DEVICE, NOW } from '../fixtures/message.js';
import { ReadingBatch } from '../reading-batch.js';
import { Series } from '../series.js';
import { announce } from './announce.js';
import { deduplicate } from './deduplicate.js';
import { remember } from './remember.js';
import { store } from './store.js';
import type { NewestReading } from '../ports.js';

const message = aMessage(`hearth/${DEVICE}/telemetry`, '');
const aSeries = (metric: string, kind: MetricKind = 'number'): Series =>
  new Series(1, DEVICE, metric, kind, '', true);

/** Puts [ts, value] pairs of one series into a batch. */
function put(series: Series, rows: [number, number | string][], batch = new ReadingBatch()) {
  const readings = rows.map(([ts, value]) => ({ series, ts, value }));
  store({ message, readings, repeated: 0 }, batch);
  return batch;
}

describe(store, () => {
  it('knows that rows newer than all others cannot repeat one', () => {
    const series = aSeries('temperature');
    expect(
      put(series, [
        [NOW, 1],
        [NOW + 1, 2],
      ]).mayRepeat,
    ).toBe(false);
    expect(put(series, [[NOW + 2, 3]]).mayRepeat).toBe(false);
  });

  it.each([
    ['the newest time again', NOW],
    ['an older time', NOW - 1],
  ])('says that %s may repeat a row', (_, ts) => {
    const series = aSeries('temperature');
    put(series, [[NOW, 1]]);
    expect(put(series, [[ts, 1]]).mayRepeat).toBe(true);
  });

  it('names the series whose row is missing, once', () => {
    const series = aSeries('temperature');
    series.saved = false;
    expect([
      ...put(series, [
        [NOW, 1],
        [NOW + 1, 2],
      ]).unsaved,
    ]).toEqual([series]);
  });

  it('ends a late text where a repetition that was left out had said otherwise', () => {
    const series = aSeries('mode', 'text');
    const batch = put(series, [
      [NOW, 'eco'],
      [NOW + 30, 'eco'],
      [NOW + 20, 'away'],
      [NOW + 10, 'off'],
      [NOW + 40, 'eco'],
    ]);
    expect(batch.textTs.map((ts, row) => [ts - NOW, batch.textValues[row]])).toEqual([
      [0, 'eco'],
      [30, 'eco'],
      [20, 'away'],
      [10, 'off'],
    ]);
  });

  it('writes a text when it changes, and when it comes late', () => {
    const series = aSeries('mode', 'text');
    const batch = put(series, [
      [NOW, 'eco'],
      [NOW + 1, 'eco'],
      [NOW + 2, 'away'],
      [NOW + 1, 'eco'],
    ]);
    expect(batch.textTs.map((ts, row) => [ts - NOW, batch.textValues[row]])).toEqual([
      [0, 'eco'],
      [2, 'away'],
      [1, 'eco'],
    ]);
    expect(batch.rows).toBe(3);
  });
});

describe(remember, () => {
  it('keeps the newest value of each series, whatever the order of the rows', () => {
    const [inside, outside] = [aSeries('inside'), aSeries('outside')];
    const batch = put(inside, [
      [NOW + 5, 2],
      [NOW, 1],
    ]);
    put(outside, [[NOW, 9]], batch);
    expect([...remember(batch)]).toEqual([inside, outside]);
    expect([inside.latestTs, inside.latestValue]).toEqual([NOW + 5, 2]);
  });

  it('says nothing of a series that got older values only', () => {
    const series = aSeries('temperature');
    remember(put(series, [[NOW, 2]]));
    expect(remember(put(series, [[NOW - 1, 1]])).size).toBe(0);
  });

  it('counts the first of two values with one time, as the table does', () => {
    const series = aSeries('temperature');
    remember(
      put(series, [
        [NOW, 1],
        [NOW, 2],
      ]),
    );
    expect(series.latestValue).toBe(1);
  });
});

describe(deduplicate, () => {
  it('leaves out the committed newest reading, and only that', () => {
    const series = aSeries('temperature');
    const batch = put(series, [[NOW, 1]]);
    const readings = [NOW, NOW - 1, NOW + 1].map((ts) => ({ series, ts, value: 1 }));
    expect(deduplicate({ message, readings })).toMatchObject({ repeated: 0 });
    remember(batch);
    const fresh = deduplicate({ message, readings });
    expect([fresh.repeated, fresh.readings.map(({ ts }) => ts - NOW)]).toEqual([1, [-1, 1]]);
  });
});

describe(announce, () => {
  it('tells the newest value of each changed series in one call, and is silent without any', () => {
    const told: (readonly NewestReading[])[] = [];
    const announcer = {
      readings: (readings: readonly NewestReading[]) => void told.push(readings),
    };
    const series = aSeries('temperature');
    announce(
      remember(
        put(series, [
          [NOW, 1],
          [NOW + 1, 2],
        ]),
      ),
      announcer,
    );
    announce(new Set(), announcer);
    expect(told).toEqual([
      [{ seriesId: 1, deviceId: DEVICE, metric: 'temperature', ts: NOW + 1, value: 2 }],
    ]);
  });
});
