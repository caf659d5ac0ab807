import { jest } from '@jest/globals';
import type { DeviceId } from '@hearth/contracts';
import { pino } from 'pino';
import { parseEnv } from '../config/env.js';
import { DiskWatch } from '../database/disk-watch.js';
import { HearthEventBus, type HearthEvents } from '../events/hearth-events.js';
import { IngestAnnouncer } from './ingest-announcer.js';

const PORCH = 'porch' as DeviceId;

function aWorld() {
  const events = new HearthEventBus();
  const lines: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const disk = new DiskWatch(parseEnv({ DATABASE_URL: 'postgres://localhost/hearth' }));
  const changes: HearthEvents['changed'][] = [];
  events.on('changed', (change) => void changes.push(change));
  return { events, lines, changes, disk, sut: new IngestAnnouncer(events, disk, logger) };
}

describe(IngestAnnouncer, () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('tells a flood of dead letters as one change for each device', () => {
    const { sut, changes } = aWorld();
    for (let letter = 0; letter < 100; letter += 1) sut.deadLetters([PORCH, undefined]);
    sut.discovered();
    expect(changes).toEqual([]);
    jest.advanceTimersByTime(500);
    expect(changes).toEqual([
      { what: 'dead-letters', deviceId: 'porch' },
      { what: 'dead-letters', deviceId: null },
      { what: 'discovered', deviceId: null },
    ]);
    sut.discovered();
    jest.advanceTimersByTime(500);
    expect(changes).toHaveLength(4);
  });

  it('passes a climate state on, and nothing of a state without climate', () => {
    const { sut, events } = aWorld();
    const heard: unknown[] = [];
    events.on('device-climate', (fact) => void heard.push(fact));
    const climate = { mode: 'heat', action: 'heating', target: 21 } as const;
    sut.state({ deviceId: PORCH, state: { climate }, atMs: 5 });
    sut.state({ deviceId: PORCH, state: { version: 1 }, atMs: 6 });
    expect(heard).toEqual([{ deviceId: PORCH, state: climate, atMs: 5 }]);
  });

  it('does not let a listener that throws stop the pipeline', () => {
    const { sut, events, lines } = aWorld();
    events.on('readings', () => {
      throw new Error('a bug');
    });
    expect(() => sut.readings([])).not.toThrow();
    expect(lines.join('')).toContain('a listener failed');
  });

  it('logs an outage once a while, not at every attempt', () => {
    const { sut, lines } = aWorld();
    for (let attempt = 1; attempt <= 24; attempt += 1) {
      sut.storeFailed('readings', new Error('away'), attempt);
    }
    sut.storeRecovered('readings');
    expect(lines).toHaveLength(3);
  });

  it('says that a disk is full, until what waited is stored', () => {
    const { sut, lines, disk } = aWorld();
    sut.storeFailed('readings', Object.assign(new Error('x'), { code: '53100' }), 1);
    expect(lines[0]).toContain('"code":"disk-full"');
    sut.storeFailed('dead letters', Object.assign(new Error('x'), { code: '53100' }), 1);
    // The journal did not fit either, and Postgres begins anew: the disk is still what is wrong.
    sut.storeFailed('readings', Object.assign(new Error('x'), { code: '57P03' }), 13);
    expect(lines[2]).toContain('"code":"disk-full"');
    sut.storeRecovered('readings');
    expect(disk.isFull).toBe(true);
    sut.storeRecovered('dead letters');
    expect(disk.isFull).toBe(false);
    sut.storeFailed('readings', new Error('away'), 1);
    expect(lines.at(-1)).not.toContain('disk-full');
    expect(disk.isFull).toBe(false);
  });
});
