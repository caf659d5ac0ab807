import type { Bucket, History, Series } from '@hearth/contracts';
import { stateStretches } from './state-stretches';

const aHistory = (more: Partial<History>): History => ({
  seriesId: 1,
  from: 0,
  to: 100,
  bucketMs: 10,
  isComplete: true,
  buckets: [],
  changes: [],
  ...more,
});
const bits = (text: string): Bucket[] =>
  Array.from(text).flatMap((bit, index): Bucket[] => {
    const value = Number(bit);
    return bit === '.' ? [] : [[index * 10, value, value, value, 1]];
  });
const contact: Series = { id: 1, metric: 'contact', unit: '', kind: 'boolean', latest: null };
const range = { from: 0, to: 100 };
const shape = (text: string) =>
  stateStretches(contact, aHistory({ buckets: bits(text) }), range, 15).map(
    ({ word, from, to }) => `${word} ${from}-${to}`,
  );

describe(stateStretches, () => {
  it('tells open from closed', () => {
    expect(shape('0001100000')).toEqual(['closed 0-30', 'open 30-50', 'closed 50-100']);
  });

  it('leaves out times in which nothing was reported', () => {
    expect(shape('11....0000')).toEqual(['open 0-25', 'closed 60-100']);
  });

  it('shows every change of a text', () => {
    const changes = [
      { ts: -10, value: 'eco' },
      { ts: 40, value: 'boost' },
    ];
    const text: Series = { ...contact, metric: 'mode', kind: 'text' };
    expect(stateStretches(text, aHistory({ changes }), range, 15)).toEqual([
      { from: 0, to: 40, word: 'eco', notable: true },
      { from: 40, to: 100, word: 'boost', notable: true },
    ]);
  });
});
