import { RecentRefusals } from './recent-refusals.js';

const refused = (atMs: number, username = 'kitchen') => ({
  type: 'connect' as const,
  atMs,
  username,
  clientId: undefined,
  address: '10.0.0.9',
  reason: 'bad-user-name-or-password',
});

describe('RecentRefusals', () => {
  it('lists the newest first and keeps no more than a page', () => {
    const sut = new RecentRefusals();
    for (let atMs = 0; atMs < 1_000; atMs++) sut.add(refused(atMs));
    const times = sut.list().map((refusal) => refusal.atMs);
    expect(times).toHaveLength(100);
    expect([times[0], times.at(-1)]).toEqual([999, 900]);
  });

  it('keeps little of a name that a stranger chose', () => {
    const sut = new RecentRefusals();
    sut.add(refused(0, 'x'.repeat(10_000)));
    expect(sut.list()[0]!.username).toHaveLength(128);
  });
});
