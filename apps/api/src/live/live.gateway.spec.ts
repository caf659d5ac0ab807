import { EventEmitter } from 'node:events';
import { jest } from '@jest/globals';
import type { HomeId } from '@hearth/contracts';
import { pino } from 'pino';
import type { WebSocket } from 'ws';
import type { Identity } from '../auth/identity.service.js';
import { LiveFeed } from './live-feed.js';
import type { AdmittedRequest } from './live.adapter.js';
import { LiveGateway } from './live.gateway.js';

const homeId = 'home' as HomeId;
const signedIn: Identity = { actor: { type: 'local', role: 'owner', homeId }, cookies: [] };
const health = { status: 'ok', database: 'up', broker: 'up', problem: null, version: '1' } as const;

class FakeSocket extends EventEmitter {
  readonly bufferedAmount = 0;
  readonly events: string[] = [];
  closedWith: number | undefined;
  isCut = false;
  answersPings = true;

  send(frame: Buffer): void {
    this.events.push((JSON.parse(frame.toString()) as { event: string }).event);
  }

  ping(): void {
    if (this.answersPings) this.emit('pong');
  }

  close(code: number): void {
    this.closedWith = code;
  }

  terminate(): void {
    this.isCut = true;
  }
}

describe('LiveGateway', () => {
  let identity: Identity | undefined;
  let feed: LiveFeed;
  let sut: LiveGateway;

  beforeEach(() => {
    // What a library puts off by a tick is no timer.
    jest.useFakeTimers({ doNotFake: ['nextTick'] });
    identity = signedIn;
    feed = new LiveFeed();
    sut = new LiveGateway(
      feed,
      { identify: async () => identity } as never,
      { check: async () => health } as never,
      { now: () => 0 },
      pino({ level: 'silent' }),
    );
  });

  afterEach(() => {
    sut.beforeApplicationShutdown();
    jest.useRealTimers();
  });

  const visit = async () => {
    const socket = new FakeSocket();
    const request = { homeId, headers: { cookie: 'session' } } as AdmittedRequest;
    sut.handleConnection(socket as unknown as WebSocket, request);
    await jest.advanceTimersByTimeAsync(0);
    return socket;
  };

  it('has no timer while nobody looks', async () => {
    expect(jest.getTimerCount()).toBe(0);
    const [first, second] = [await visit(), await visit()];
    expect(jest.getTimerCount()).toBe(2);
    sut.handleDisconnect(first as unknown as WebSocket);
    expect(jest.getTimerCount()).toBe(2);
    sut.handleDisconnect(second as unknown as WebSocket);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('welcomes first, then tells', async () => {
    const socket = await visit();
    feed.addNoticeToAll({ event: 'health', data: health });
    await jest.advanceTimersByTimeAsync(100);
    expect(socket.events).toEqual(['welcome', 'health']);
  });

  it('closes on a person whose session ended', async () => {
    const socket = await visit();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(socket.closedWith).toBeUndefined();
    identity = undefined;
    await jest.advanceTimersByTimeAsync(30_000);
    expect(socket.closedWith).toBe(4401);
  });

  it('cuts off a browser that is gone without a word', async () => {
    const socket = await visit();
    socket.answersPings = false;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(socket.isCut).toBe(true);
  });

  it('tells nothing to a browser that left', async () => {
    const socket = await visit();
    sut.handleDisconnect(socket as unknown as WebSocket);
    feed.addNoticeToAll({ event: 'health', data: health });
    await jest.advanceTimersByTimeAsync(100);
    expect([socket.events, sut.visitors]).toEqual([['welcome'], 0]);
  });
});
