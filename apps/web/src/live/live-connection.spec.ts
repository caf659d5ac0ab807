import type { LiveMessage } from '@hearth/contracts';
import {
  LiveConnection,
  OPEN_TIMEOUT_MS,
  RETRY_DELAYS_MS,
  SILENCE_MS,
  type LiveSocketListener,
  type LiveState,
} from './live-connection';

class FakeSocket {
  readonly #listener: LiveSocketListener;
  closed = false;

  constructor(listener: LiveSocketListener) {
    this.#listener = listener;
  }

  say(frame: unknown): void {
    this.#listener.message(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  break(): void {
    this.#listener.closed();
  }
}

const health = { status: 'ok', database: 'up', broker: 'up', problem: null, version: '1' };
const welcome = { event: 'welcome', data: { serverTime: 5, health } };

function aConnection() {
  const sockets: FakeSocket[] = [];
  const states: LiveState[] = [];
  const messages: LiveMessage[] = [];
  const timers: { ms: number; callback: () => void; cancelled: boolean }[] = [];
  let refusals = 0;
  let isThere = true;
  const connection = new LiveConnection({
    openSocket: (listener) => {
      const socket = new FakeSocket(listener);
      sockets.push(socket);
      return () => {
        socket.closed = true;
      };
    },
    after: (ms, callback) => {
      const timer = { ms, callback, cancelled: false };
      timers.push(timer);
      return () => {
        timer.cancelled = true;
      };
    },
    random: () => 0,
    probe: () => Promise.resolve(isThere),
    onMessage: (message) => messages.push(message),
    onState: (state) => states.push(state),
    onRefused: () => {
      refusals += 1;
    },
  });
  const fire = () => {
    const timer = timers.findLast((candidate) => !candidate.cancelled)!;
    timer.cancelled = true;
    timer.callback();
    return timer.ms;
  };
  const vanish = () => {
    isThere = false;
  };
  return { connection, sockets, states, messages, fire, refusals: () => refusals, timers, vanish };
}

describe(LiveConnection, () => {
  it('is open only once the server has spoken', () => {
    const { connection, sockets, states } = aConnection();
    connection.start();
    expect(states).toEqual(['connecting']);
    sockets[0]!.say(welcome);
    expect(states).toEqual(['connecting', 'open']);
  });

  it('hands on what the contract knows and ignores the rest', () => {
    const { connection, sockets, messages } = aConnection();
    connection.start();
    sockets[0]!.say(welcome);
    sockets[0]!.say('{ not json');
    sockets[0]!.say({ event: 'tomorrow', data: {} });
    sockets[0]!.say({ event: 'health', data: health });
    expect(messages.map((message) => message.event)).toEqual(['welcome', 'health']);
  });

  it('waits longer after every failure and starts afresh after a success', () => {
    const { connection, sockets, fire } = aConnection();
    connection.start();
    const delays = RETRY_DELAYS_MS.map(() => {
      sockets.at(-1)!.break();
      return fire();
    });
    expect(delays).toEqual(RETRY_DELAYS_MS);
    sockets.at(-1)!.say(welcome);
    sockets.at(-1)!.break();
    expect(fire()).toBe(RETRY_DELAYS_MS[0]);
  });

  it('gives up an attempt that never opens, and says that it was refused', () => {
    const { connection, sockets, states, fire, refusals } = aConnection();
    connection.start();
    expect(fire()).toBe(OPEN_TIMEOUT_MS);
    expect(sockets[0]!.closed).toBe(true);
    expect(states).toEqual(['connecting', 'waiting']);
    expect(refusals()).toBe(1);
  });

  it('does not wait when the network is back', () => {
    const { connection, sockets } = aConnection();
    connection.start();
    sockets[0]!.break();
    connection.hurry();
    expect(sockets).toHaveLength(2);
  });

  it('keeps a silent connection while the server answers otherwise', async () => {
    const { connection, sockets, states, fire } = aConnection();
    connection.start();
    sockets[0]!.say(welcome);
    expect(fire()).toBe(SILENCE_MS);
    await Promise.resolve();
    expect(fire()).toBe(SILENCE_MS);
    expect(states.at(-1)).toBe('open');
  });

  it('gives up a silent connection to a server that is gone', async () => {
    const { connection, sockets, states, fire, vanish } = aConnection();
    connection.start();
    sockets[0]!.say(welcome);
    vanish();
    fire();
    await Promise.resolve();
    expect(states.at(-1)).toBe('waiting');
    expect(sockets[0]!.closed).toBe(true);
  });

  it('does not listen to a socket that it has given up', () => {
    const { connection, sockets, messages, states, fire } = aConnection();
    connection.start();
    fire();
    sockets[0]!.say(welcome);
    sockets[0]!.break();
    expect(messages).toEqual([]);
    expect(states).toEqual(['connecting', 'waiting']);
  });

  it('leaves no timer and no socket when it stops', () => {
    const { connection, sockets, timers, states } = aConnection();
    connection.start();
    sockets[0]!.say(welcome);
    connection.stop();
    expect(sockets[0]!.closed).toBe(true);
    expect(timers.every((timer) => timer.cancelled)).toBe(true);
    expect(states.at(-1)).toBe('stopped');
  });
});
