import * as fc from 'fast-check';
import { mergeRecordings, type Backfill } from './merge.js';
import { Recording } from './recording.js';

async function* chunksOf(text: string, lengths: readonly number[]): AsyncGenerator<string> {
  let from = 0;
  for (const length of lengths) {
    if (from >= text.length) return;
    yield text.slice(from, from + length);
    from += length;
  }
  if (from < text.length) yield text.slice(from);
}

function aRecording(text: string, metric = 'temperature', lengths: readonly number[] = []) {
  const complaints: string[] = [];
  const recording = new Recording(`${metric}.csv`, metric, chunksOf(text, lengths), (where, why) =>
    complaints.push(`${where} ${why}`),
  );
  return { recording, complaints };
}

async function readAll(recording: Recording): Promise<string[]> {
  const readings: string[] = [];
  while (await recording.fill()) {
    readings.push(`${recording.head?.ts} ${recording.head?.value}`);
    recording.advance();
  }
  return readings;
}

async function merged(recordings: readonly Recording[]): Promise<Backfill[]> {
  const backfills: Backfill[] = [];
  for await (const backfill of mergeRecordings(recordings)) backfills.push(backfill);
  return backfills;
}

const lines = (from: number, count: number, stepSeconds: number) =>
  Array.from({ length: count }, (_, i) => `${1_500_000_000 + from + i * stepSeconds}\t${i}\n`).join(
    '',
  );

describe(Recording.name, () => {
  it('reads the same however the file is cut into chunks', async () => {
    const text = '1500000000\t1\r\n\n1500000001\t-2.5\n1500000002\t+3';
    const whole = await readAll(aRecording(text).recording);
    expect(whole).toEqual(['1500000000000 1', '1500000001000 -2.5', '1500000002000 3']);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9 })), async (lengths) => {
        expect(await readAll(aRecording(text, 'temperature', lengths).recording)).toEqual(whole);
      }),
    );
  });

  it('names file and line of what is malformed, and goes on', async () => {
    const { recording, complaints } = aRecording('x\n1500000000\t1\n\n1500000000 1\n1500000001\t2');
    expect(await readAll(recording)).toHaveLength(2);
    expect(complaints).toEqual([
      'temperature.csv:1 is not a time, a TAB and a value',
      'temperature.csv:4 is not a time, a TAB and a value',
    ]);
  });

  it('does not keep a line without an end', async () => {
    const endless = `${'9'.repeat(10_000)}\n1500000001\t2\n`;
    const { recording, complaints } = aRecording(endless, 'temperature', Array(100).fill(100));
    expect(await readAll(recording)).toEqual(['1500000001000 2']);
    expect(complaints).toEqual(['temperature.csv:1 is longer than 256 characters']);
  });
});

describe(mergeRecordings.name, () => {
  it('joins readings of the same time, in the order of time', async () => {
    const temperature = aRecording(lines(0, 3, 10), 'temperature').recording;
    const humidity = aRecording(lines(10, 2, 5), 'humidity').recording;
    const [backfill, ...more] = await merged([temperature, humidity]);
    expect(more).toEqual([]);
    expect(backfill).toEqual({
      readings: 5,
      entries: [
        { ts: 1_500_000_000_000, temperature: 0 },
        { ts: 1_500_000_010_000, temperature: 1, humidity: 0 },
        { ts: 1_500_000_015_000, humidity: 1 },
        { ts: 1_500_000_020_000, temperature: 2 },
      ],
    });
  });

  it('keeps both of two readings with the same time in one file', async () => {
    const twice = aRecording('1500000000\t1\n1500000000\t2\n').recording;
    const [backfill] = await merged([twice]);
    expect(backfill?.entries).toEqual([
      { ts: 1_500_000_000_000, temperature: 1 },
      { ts: 1_500_000_000_000, temperature: 2 },
    ]);
  });

  it('loses nothing and bounds every message, for any files', async () => {
    const files = fc.array(
      fc.record({ from: fc.nat(5_000), count: fc.nat(900), step: fc.integer({ min: 1, max: 9 }) }),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(files, async (specs) => {
        const recordings = specs.map(
          ({ from, count, step }, index) =>
            aRecording(lines(from, count, step), `metric${index}`, Array(50).fill(300)).recording,
        );
        const backfills = await merged(recordings);
        const readings = backfills.flatMap(({ entries }) =>
          entries.flatMap(({ ts, ...metrics }) =>
            Object.entries(metrics).map(([name, value]) => `${name} ${ts} ${value}`),
          ),
        );
        const expected = specs.flatMap(({ from, count, step }, index) =>
          Array.from(
            { length: count },
            (_, i) => `metric${index} ${(1_500_000_000 + from + i * step) * 1_000} ${i}`,
          ),
        );
        expect(readings.toSorted()).toEqual(expected.toSorted());
        expect(backfills.reduce((sum, backfill) => sum + backfill.readings, 0)).toBe(
          expected.length,
        );
        for (const { entries } of backfills) expect(entries.length).toBeLessThanOrEqual(300);
      }),
      { numRuns: 20 },
    );
  });
});
