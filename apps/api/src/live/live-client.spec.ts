import { encodeFrames } from './frame.js';
import { LiveClient } from './live-client.js';
import { LiveState, type Drained } from './live-state.js';

const reading = (seriesId: number, ts: number): Drained => ({
  readings: [{ seriesId, deviceId: 'kitchen', metric: 'temperature', ts, value: ts }],
  notices: [],
});

function aClient() {
  const sent: unknown[] = [];
  const socket = {
    bufferedAmount: 0,
    pings: 0,
    terminated: false,
    send: (frame: Buffer) => sent.push(JSON.parse(frame.toString())),
    ping: () => void socket.pings++,
    close: () => {},
    terminate: () => void (socket.terminated = true),
  };
  const sut = new LiveClient(socket);
  const deliver = (drained: Drained) => sut.deliver(encodeFrames(drained), drained);
  return { sut, socket, sent, deliver };
}

const nothing = new LiveState().drain();

describe('LiveClient', () => {
  it('sends what all clients share', () => {
    const { sent, deliver } = aClient();
    deliver(reading(1, 5));
    expect(sent).toEqual([{ event: 'readings', data: reading(1, 5).readings }]);
  });

  it('sends a slow browser nothing more, and the latest state once it has drained', () => {
    const { socket, sent, deliver } = aClient();
    socket.bufferedAmount = 10_000_000;
    for (let ts = 0; ts < 100; ts++) deliver(reading(ts % 2, ts));
    expect(sent).toEqual([]);
    socket.bufferedAmount = 0;
    deliver(nothing);
    expect(sent).toEqual([
      { event: 'readings', data: [...reading(0, 98).readings, ...reading(1, 99).readings] },
    ]);
    deliver(nothing);
    expect(sent).toHaveLength(1);
  });

  it('cuts off a browser that is behind on too much', () => {
    const { socket, deliver } = aClient();
    socket.bufferedAmount = 10_000_000;
    for (let seriesId = 0; seriesId <= 20_000; seriesId++) deliver(reading(seriesId, 1));
    expect(socket.terminated).toBe(true);
  });

  it('cuts off a browser that does not answer', () => {
    const { sut, socket } = aClient();
    sut.checkAlive();
    sut.receivePong();
    sut.checkAlive();
    expect([socket.pings, socket.terminated]).toEqual([2, false]);
    sut.checkAlive();
    expect(socket.terminated).toBe(true);
  });
});
