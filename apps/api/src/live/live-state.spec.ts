import { liveMessageSchema } from '@hearth/contracts';
import { encodeFrames } from './frame.js';
import { LiveState, type LiveNotice } from './live-state.js';

const reading = (seriesId: number, ts: number, value: number) => ({
  seriesId,
  deviceId: 'kitchen',
  metric: 'temperature',
  ts,
  value,
});

const presence = (deviceId: string, state: 'online' | 'offline'): LiveNotice => ({
  event: 'presence',
  data: { deviceId, presence: { state, cause: 'connected', since: '2026-01-01T00:00:00.000Z' } },
});

const changed = (deviceId: string | null): LiveNotice => ({
  event: 'changed',
  data: { what: 'devices', deviceId },
});

describe('LiveState', () => {
  it('keeps the newest value of each series', () => {
    const sut = new LiveState();
    sut.addReading(reading(1, 10, 20));
    sut.addReading(reading(2, 10, 50));
    sut.addReading(reading(1, 11, 21));
    sut.addReading(reading(1, 5, 19));
    expect(sut.drain().readings).toEqual([reading(1, 11, 21), reading(2, 10, 50)]);
    expect(sut.size).toBe(0);
  });

  it('keeps the newest notice of each thing, the last one last', () => {
    const sut = new LiveState();
    sut.addNotice(presence('kitchen', 'online'));
    sut.addNotice(changed(null));
    sut.addNotice(presence('cellar', 'online'));
    sut.addNotice(presence('kitchen', 'offline'));
    sut.addNotice(changed('kitchen'));
    expect(sut.drain().notices).toEqual([
      changed(null),
      presence('cellar', 'online'),
      presence('kitchen', 'offline'),
      changed('kitchen'),
    ]);
  });

  it('does not grow with what happens to the same things', () => {
    const sut = new LiveState();
    for (let ts = 0; ts < 1_000; ts++) {
      sut.addReading(reading(ts % 3, ts, ts));
      sut.addNotice(presence('kitchen', ts % 2 ? 'online' : 'offline'));
    }
    expect(sut.size).toBe(4);
  });

  it('absorbs what another state drained', () => {
    const shared = new LiveState();
    const slow = new LiveState();
    slow.addReading(reading(1, 10, 20));
    shared.addReading(reading(1, 11, 21));
    shared.addNotice(changed(null));
    slow.absorb(shared.drain());
    expect(slow.drain()).toEqual({ readings: [reading(1, 11, 21)], notices: [changed(null)] });
  });

  it('makes frames of the contract, all readings in one', () => {
    const sut = new LiveState();
    sut.addNotice(presence('kitchen', 'online'));
    sut.addReading(reading(1, 10, 20));
    sut.addReading(reading(2, 10, 20));
    const frames = encodeFrames(sut.drain());
    const events = frames.map(
      (frame) => liveMessageSchema.parse(JSON.parse(frame.toString())).event,
    );
    expect(events).toEqual(['readings', 'presence']);
    expect(encodeFrames(sut.drain())).toEqual([]);
  });
});
