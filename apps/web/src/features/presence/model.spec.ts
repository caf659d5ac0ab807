import type { PresenceTimeline } from '@hearth/contracts';
import { describeShare, spansOf } from './model';

const HOUR = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();
const aTimeline = (
  ...changes: [number, PresenceTimeline['changes'][number]['state']][]
): PresenceTimeline => ({
  changes: changes.map(([at, state]) => ({ at: iso(at), state, cause: 'connected' })),
  uptime: null,
});
const shape = (timeline: PresenceTimeline) =>
  spansOf(timeline, 0, 10 * HOUR).map(({ state, from, to }) => [state, from / HOUR, to / HOUR]);

describe(spansOf, () => {
  it('fills the whole range', () => {
    expect(
      shape(aTimeline([-HOUR, 'online'], [4 * HOUR, 'offline'], [5 * HOUR, 'online'])),
    ).toEqual([
      ['online', 0, 4],
      ['offline', 4, 5],
      ['online', 5, 10],
    ]);
  });

  it('does not know what was before the first change', () => {
    expect(shape(aTimeline([6 * HOUR, 'online']))).toEqual([
      ['unknown', 0, 6],
      ['online', 6, 10],
    ]);
    expect(shape(aTimeline())).toEqual([['unknown', 0, 10]]);
  });

  it('joins neighbours of one state', () => {
    expect(shape(aTimeline([0, 'online'], [2 * HOUR, 'online']))).toEqual([['online', 0, 10]]);
  });

  it('cuts at both ends', () => {
    expect(
      shape(aTimeline([-5 * HOUR, 'offline'], [-HOUR, 'online'], [12 * HOUR, 'offline'])),
    ).toEqual([['online', 0, 10]]);
  });
});

describe(describeShare, () => {
  it.each([
    [1, '100\u202f%'],
    [0, '0\u202f%'],
    [0.9999999, '99.99\u202f%'],
    [0.94319, '94.3\u202f%'],
    [0.0004, '0.0\u202f%'],
  ])('says %f as %s', (share, words) => {
    expect(describeShare(share)).toBe(words);
  });
});
