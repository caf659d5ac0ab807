import { uptimeShare } from './uptime.js';

describe('uptimeShare', () => {
  it('shares the range between online and the rest', () => {
    const changes = [
      { state: 'online' as const, atMs: 0 },
      { state: 'offline' as const, atMs: 750 },
    ];
    expect(uptimeShare(changes, 0, 1_000)).toBe(0.75);
  });

  it('counts only what lies in the range', () => {
    const changes = [
      { state: 'online' as const, atMs: -5_000 },
      { state: 'late' as const, atMs: 500 },
      { state: 'online' as const, atMs: 9_000 },
    ];
    expect(uptimeShare(changes, 0, 1_000)).toBe(0.5);
  });

  it('leaves out the time that nobody watched', () => {
    const changes = [
      { state: 'online' as const, atMs: 0 },
      { state: 'unknown' as const, atMs: 250 },
      { state: 'offline' as const, atMs: 750 },
    ];
    expect(uptimeShare(changes, 0, 1_000)).toBe(0.5);
  });

  it('is null when nothing is known', () => {
    expect(uptimeShare([], 0, 1_000)).toBeNull();
    expect(uptimeShare([{ state: 'never-seen', atMs: -10 }], 0, 1_000)).toBeNull();
    expect(uptimeShare([{ state: 'online', atMs: 2_000 }], 0, 1_000)).toBeNull();
  });
});
