import { offsetWords, stretchWords } from './model';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 5, 1, 12);
const iso = (ms: number) => new Date(ms).toISOString();

const aStretch = (fromLead: number, toLead: number, offsetMs: number | null) => ({
  from: iso(NOON),
  to: iso(NOON + MINUTE),
  deviceFrom: iso(NOON + fromLead),
  deviceTo: iso(NOON + MINUTE + toLead),
  messages: 3,
  offsetMs,
});

describe('the clock of a device in words', () => {
  it.each([
    [-200_000, '3\u202fmin 20\u202fs behind'],
    [3_600_000, '1\u202fh ahead'],
  ])('%d is %s', (offset, words) => expect(offsetWords(offset)).toBe(words));

  it.each([
    [aStretch(-200_000, -200_000, -200_000), 'Clock 3\u202fmin 20\u202fs behind'],
    [aStretch(-2 * 60 * MINUTE, -MINUTE, null), 'Came up to 2\u202fh late'],
    [aStretch(MINUTE, 0, null), 'Clock jumped about'],
  ])('of %j: %s', (stretch, words) => expect(stretchWords(stretch)).toBe(words));
});
