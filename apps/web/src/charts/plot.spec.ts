import type { Bucket } from '@hearth/contracts';
import {
  holdUntil,
  instantsOf,
  nearestIndex,
  readAt,
  stretchesOn,
  toLine,
  valueBounds,
  type PlotLine,
} from './plot';

const same = (value: number) => value;
const at = (ts: number, value: number): Bucket => [ts, value, value, value, 1];
const aLine = (buckets: Bucket[], more: Partial<PlotLine> = {}): PlotLine => ({
  name: 'Temperature',
  unit: '°C',
  colour: 'series-0',
  shape: 'line',
  write: String,
  ...toLine(buckets, 100, same),
  ...more,
});

describe(toLine, () => {
  it('breaks where readings are missing', () => {
    expect(toLine([at(0, 1), at(50, 2), at(500, 3)], 100, same).mean).toEqual([
      { x: 0, y: 1 },
      { x: 50, y: 2 },
      { x: 100, y: NaN },
      { x: 500, y: 3 },
    ]);
  });

  it('keeps the spikes in the band', () => {
    const { band } = toLine([[0, 1, 9, 2, 5]], 100, same);
    expect(band).toEqual({ low: [{ x: 0, y: 1 }], high: [{ x: 0, y: 9 }] });
  });

  it('has no band where every bucket is one reading', () => {
    expect(toLine([at(0, 1), at(50, 2)], 100, same).band).toEqual({ low: [], high: [] });
  });

  it('draws in the units that are shown', () => {
    expect(toLine([at(0, 10)], 100, (celsius) => celsius * 1.8 + 32).mean).toEqual([
      { x: 0, y: 50 },
    ]);
  });
});

describe(holdUntil, () => {
  it('carries the last value on', () => {
    expect(holdUntil([{ x: 1, y: 21 }], 9)).toEqual([
      { x: 1, y: 21 },
      { x: 9, y: 21 },
    ]);
    expect(holdUntil([], 9)).toEqual([]);
  });
});

describe(stretchesOn, () => {
  it('joins what touches and ends where readings end', () => {
    const buckets = [at(0, 1), at(10, 1), at(20, 0), at(30, 1), at(500, 0)];
    expect(stretchesOn(buckets, 50, 600)).toEqual([
      { from: 0, to: 20 },
      { from: 30, to: 80 },
    ]);
  });

  it('goes on to the end of the range', () => {
    expect(stretchesOn([at(0, 1)], 50, 20)).toEqual([{ from: 0, to: 20 }]);
  });
});

describe(readAt, () => {
  const line = aLine([at(0, 1), [50, 1, 4, 2, 3], at(500, 3)]);

  it('answers with the value and the ends of the band', () => {
    expect(readAt(line, 50)).toEqual({ value: 2, low: 1, high: 4 });
    expect(readAt(line, 0)).toEqual({ value: 1 });
  });

  it('says nothing inside a gap', () => {
    expect(readAt(line, 100)).toBeUndefined();
    expect(readAt(line, 300)).toBeUndefined();
  });

  it('holds the value of a step', () => {
    const step = aLine([at(0, 20), at(50, 21)], { shape: 'step', band: { low: [], high: [] } });
    expect(readAt(step, 49)).toEqual({ value: 20 });
    expect(readAt(step, 99)).toEqual({ value: 21 });
  });
});

describe(nearestIndex, () => {
  it.each([
    [[0, 10, 20], -5, 0],
    [[0, 10, 20], 4, 0],
    [[0, 10, 20], 6, 1],
    [[0, 10, 20], 99, 2],
    [[], 5, -1],
  ])('in %p near %i', (instants, ms, index) => {
    expect(nearestIndex(instants, ms)).toBe(index);
  });
});

describe(instantsOf, () => {
  it('leaves out breaks', () => {
    expect(instantsOf([aLine([at(0, 1), at(500, 2)])])).toEqual([0, 500]);
  });
});

describe(valueBounds, () => {
  const range = { from: 0, to: 1_000 };

  it('keeps noise from filling the plot', () => {
    const { min, max } = valueBounds([aLine([at(0, 20), at(10, 20.1)])], range, 2);
    expect(max - min).toBeGreaterThan(2);
  });

  it('shows the ground under amounts that come near it', () => {
    expect(valueBounds([aLine([at(0, 1), at(10, 100)])], range, 1).min).toBe(0);
  });

  it('looks at nothing outside the range', () => {
    const { max } = valueBounds([aLine([at(0, 20), at(5_000, 900)])], range, 2);
    expect(max).toBeLessThan(30);
  });
});
