import { ACTIVITY_FADES_SECONDS, ratePerMinute } from './activity.js';

const START = 1_750_000_000_000;

/** A message every `seconds` for so many minutes, added up as the table does; then silence. */
function rateOf(seconds: number, minutes: number, silentMinutes = 0): number | null {
  let activity = 0;
  let last = START;
  for (let at = START; at <= START + minutes * 60_000; at += seconds * 1_000) {
    activity = 1 + activity * Math.exp(-(at - last) / 1_000 / ACTIVITY_FADES_SECONDS);
    last = at;
  }
  const topic = { firstSeenAt: new Date(START), lastSeenAt: new Date(last), activity };
  return ratePerMinute(topic, last + silentMinutes * 60_000);
}

describe(ratePerMinute, () => {
  it.each([
    [1, 1, 60],
    [1, 120, 60],
    [30, 60, 2],
    [300, 600, 0.2],
  ])('tells a message every %d seconds for %d minutes', (seconds, minutes, rate) => {
    const told = rateOf(seconds, minutes) ?? 0;
    expect(Math.abs(told - rate) / rate).toBeLessThan(0.3);
  });

  it('fades when the topic falls silent', () => {
    expect(rateOf(1, 60, 30)).toBeLessThan(4);
  });

  it('says nothing of a topic that was just seen', () => {
    const now = new Date(START);
    expect(ratePerMinute({ firstSeenAt: now, lastSeenAt: now, activity: 5 }, START)).toBeNull();
  });
});
