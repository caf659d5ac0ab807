import { EARLIEST_TIMESTAMP_MS, MAX_CLOCK_AHEAD_MS } from '@hearth/contracts';
import { DEVICE, HOME, NOW, telemetry } from '../fixtures/message.js';
import { MAX_STAMP_AHEAD_MS } from '../limits.js';
import type { Sample } from '../message.js';
import { Refusal } from '../refusal.js';
import { SeriesBook } from '../series-book.js';
import { normalise } from './normalise.js';

const sample = (more: Partial<Sample>): Sample => ({
  metric: 'temperature',
  value: 21,
  ts: NOW,
  unit: undefined,
  ...more,
});

const run = (samples: Sample[], book = new SeriesBook(10), receivedAtMs = NOW) =>
  normalise(
    {
      addressed: telemetry('', undefined, { receivedAtMs }),
      device: { id: DEVICE, homeId: HOME },
      samples,
    },
    book,
  );

/** The readings, or the code of the refusal. */
const outcome = (result: ReturnType<typeof run>) =>
  result instanceof Refusal
    ? result.code
    : result.readings.map(({ series, ts, value }) => [series.metric, ts, value]);

const withSeries = (metric: string, kind: 'number' | 'boolean' | 'text', unit = ''): SeriesBook => {
  const book = new SeriesBook(10);
  book.load({ id: 1, deviceId: DEVICE, metric, kind, unit, latest: undefined });
  return book;
};

describe(normalise, () => {
  it.each<[string, Partial<Sample>, number | string]>([
    ['°F', { unit: '°F', value: 212 }, 100],
    ['C', { unit: 'C', value: 23.5 }, 23.5],
    ['K', { unit: 'K', value: 273.15 }, 0],
    ['Wh', { metric: 'energy', unit: 'Wh', value: 1_500 }, 1.5],
    ['kW', { metric: 'power', unit: 'kW', value: 1.25 }, 1_250],
    ['Pa', { metric: 'pressure', unit: 'Pa', value: 101_325 }, 1_013.25],
    ['an empty unit', { unit: '', value: 20 }, 20],
    ['a unit of its own', { metric: 'soil', unit: 'centibar', value: 3 }, 3],
    ['a boolean', { metric: 'contact', value: true }, 1],
    ['0 for a boolean', { metric: 'contact', value: 0 }, 0],
    ['a text', { metric: 'mode', value: 'eco' }, 'eco'],
  ])('keeps %s in the canonical unit', (_, more, value) => {
    const [reading] = outcome(run([sample(more)])) as [[string, number, number]];
    const kept = reading[2];
    expect(typeof value === 'number' ? Math.round(kept * 1e9) / 1e9 : kept).toBe(value);
  });

  it.each<[string, Partial<Sample>, string]>([
    ['a text for a number', { value: '21' }, 'wrong-type'],
    ['a boolean for a number', { value: true }, 'wrong-type'],
    ['a text for a boolean', { metric: 'contact', value: 'open' }, 'wrong-type'],
    ['2 for a boolean', { metric: 'contact', value: 2 }, 'wrong-type'],
    ['a temperature that cannot be', { value: 151 }, 'out-of-range'],
    ['a temperature that cannot be in °F', { value: 500, unit: 'F' }, 'out-of-range'],
    ['a negative humidity', { metric: 'humidity', value: -1 }, 'out-of-range'],
    ['a unit of another quantity', { unit: 'hPa' }, 'unknown-unit'],
    ['__proto__ as a unit', { unit: '__proto__' }, 'unknown-unit'],
    ['a time before 2000', { ts: EARLIEST_TIMESTAMP_MS - 1 }, 'ts-too-old'],
    ['seconds for milliseconds', { ts: NOW / 1_000 }, 'ts-too-old'],
    ['a negative time', { ts: -1 }, 'ts-too-old'],
    ['ten years ahead', { ts: NOW + 10 * 365 * 86_400_000 }, 'ts-too-far-ahead'],
    ['a moment too far ahead', { ts: NOW + MAX_CLOCK_AHEAD_MS + 1 }, 'ts-too-far-ahead'],
  ])('refuses %s', (_, more, code) => {
    const refusal = run([sample(more)]);
    expect(refusal).toMatchObject({ step: 'normalise', code });
  });

  it.each([EARLIEST_TIMESTAMP_MS, NOW + MAX_CLOCK_AHEAD_MS])('believes the time %d', (ts) => {
    expect(outcome(run([sample({ ts })]))).toEqual([['temperature', ts, 21]]);
  });

  it('keeps an unknown metric to the kind of its first value', () => {
    const book = new SeriesBook(10);
    expect(outcome(run([sample({ metric: 'level', value: 3 })], book))).toEqual([
      ['level', NOW, 3],
    ]);
    expect(outcome(run([sample({ metric: 'level', value: 'high' })], book))).toBe('wrong-type');
    expect(outcome(run([sample({ metric: 'level', value: true })], book))).toBe('wrong-type');
  });

  it('keeps the kind that a stored series has, whatever the catalogue says', () => {
    const book = withSeries('temperature', 'text');
    expect(outcome(run([sample({ value: 21 })], book))).toBe('wrong-type');
  });

  it('refuses a message as a whole, and forgets the series that it began', () => {
    const book = new SeriesBook(10);
    const samples = [sample({ metric: 'level' }), sample({ value: 'hot' })];
    expect(outcome(run(samples, book))).toBe('wrong-type');
    expect(book.list(DEVICE)).toEqual([]);
  });

  it('refuses two kinds of one new metric in one message', () => {
    const samples = [sample({ metric: 'level' }), sample({ metric: 'level', value: 'high' })];
    expect(outcome(run(samples))).toBe('wrong-type');
  });

  it('refuses the metric past the limit of a device, and still takes those it has', () => {
    const book = new SeriesBook(2);
    run([sample({ metric: 'a' }), sample({ metric: 'b' })], book);
    expect(outcome(run([sample({ metric: 'c' })], book))).toBe('too-many-series');
    expect(outcome(run([sample({ metric: 'b' })], book))).toEqual([['b', NOW, 21]]);
  });

  it('takes the first unit of a metric that nobody knows, and converts or refuses others', () => {
    const book = new SeriesBook(10);
    run([sample({ metric: 'attic', unit: '°C', value: 20 })], book);
    expect(book.find(DEVICE, 'attic')?.unit).toBe('°C');
    expect(outcome(run([sample({ metric: 'attic', unit: 'K', value: 293.15 })], book))).toEqual([
      ['attic', NOW, expect.closeTo(20)],
    ]);
    expect(outcome(run([sample({ metric: 'attic', unit: 'apples' })], book))).toBe('unknown-unit');
  });

  it('keeps a metric that nobody knows in its first unit when the device changes to another', () => {
    const book = new SeriesBook(10);
    run([sample({ metric: 'solar_today', unit: 'Wh', value: 900 })], book);
    expect(
      outcome(run([sample({ metric: 'solar_today', unit: 'kWh', value: 1.5 })], book)),
    ).toMatchObject([['solar_today', expect.any(Number), 1_500]]);
    expect(book.find(DEVICE, 'solar_today')?.unit).toBe('Wh');
  });

  it('marks a stored series for saving when its unit becomes known', () => {
    const book = withSeries('soil', 'number');
    run([sample({ metric: 'soil', unit: 'kPa' })], book);
    expect(book.find(DEVICE, 'soil')).toMatchObject({ unit: 'kPa', saved: false });
  });

  it('converts from the unit that the device declared, unless the message names one', () => {
    const book = withSeries('temperature', 'number', '°C');
    book.declareUnits(DEVICE, { metrics: [{ name: 'temperature', unit: '°F' }] });
    expect(outcome(run([sample({ value: 212 })], book))).toEqual([
      ['temperature', NOW, expect.closeTo(100)],
    ]);
    expect(outcome(run([sample({ value: 20, unit: '°C' })], book))).toEqual([
      ['temperature', NOW, 20],
    ]);
  });
});

describe('normalise of readings without a time', () => {
  const untimed = sample({ ts: undefined });

  it('gives each a time of its own', () => {
    const book = new SeriesBook(10);
    const times = [run([untimed], book), run([untimed], book), run([untimed], book)].map(outcome);
    expect(times).toEqual([
      [['temperature', NOW, 21]],
      [['temperature', NOW + 1, 21]],
      [['temperature', NOW + 2, 21]],
    ]);
  });

  it('gives the metrics of one message the same time', () => {
    const both = [untimed, sample({ metric: 'humidity', ts: undefined })];
    expect(outcome(run(both))).toEqual([
      ['temperature', NOW, 21],
      ['humidity', NOW, 21],
    ]);
  });

  it('keeps clear of the newest time that the device gave', () => {
    const book = withSeries('temperature', 'number', '°C');
    const series = book.find(DEVICE, 'temperature')!;
    series.newestTs = NOW;
    expect(outcome(run([untimed], book))).toEqual([['temperature', NOW + 1, 21]]);
  });

  it('refuses a flood once it would run far ahead of the clock', () => {
    const book = new SeriesBook(10);
    for (let ahead = 0; ahead <= MAX_STAMP_AHEAD_MS; ahead += 1) run([untimed], book);
    expect(outcome(run([untimed], book))).toBe('too-fast');
    const later = NOW + 1_000;
    expect(outcome(run([untimed], book, later))).toEqual([
      ['temperature', NOW + MAX_STAMP_AHEAD_MS + 1, 21],
    ]);
  });

  it('goes on when the clock of the server is set back', () => {
    const book = new SeriesBook(10);
    run([untimed], book);
    const earlier = NOW - 3_600_000;
    expect(outcome(run([untimed], book, earlier))).toEqual([['temperature', earlier, 21]]);
  });

  it('refuses readings of before what the home keeps, and no texts', () => {
    const book = new SeriesBook(10);
    book.keepFrom(HOME, NOW - 1_000);
    const at = (ts: number, more: Partial<Sample> = {}) =>
      outcome(run([sample({ ts, ...more })], book));
    expect(at(NOW - 1_001)).toBe('ts-not-kept');
    expect(book.find(DEVICE, 'temperature')).toBeUndefined();
    expect(at(NOW - 1_000)).toEqual([['temperature', NOW - 1_000, 21]]);
    expect(at(NOW - 1_001, { metric: 'mode', value: 'eco' })).toEqual([
      ['mode', NOW - 1_001, 'eco'],
    ]);
    book.keepFrom('another home', NOW + 1);
    expect(at(NOW)).toEqual([['temperature', NOW, 21]]);
  });
});
