// A browser on the live feed: keeps every frame, and finds the one that a test waits for.
import { liveMessageSchema, LIVE_PATH, type LiveMessage } from '@hearth/contracts';
import { within } from '@hearth/testkit';
import { WebSocket } from 'ws';

const WAIT_MS = 8_000;

type Frame<E extends LiveMessage['event']> = Extract<LiveMessage, { event: E }>;

/** How a handshake ended. */
export type Handshake = { status: 101; listener: LiveListener } | { status: number };

export class LiveListener {
  /** Every frame, oldest first; each fits the contract. */
  readonly frames: LiveMessage[] = [];
  /** Epoch milliseconds at which each frame arrived. */
  readonly arrivals: number[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  readonly #looking = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('message', (data: Buffer) => {
      this.frames.push(liveMessageSchema.parse(JSON.parse(data.toString())));
      this.arrivals.push(Date.now());
      for (const look of this.#looking) look();
    });
  }

  /** Tries the handshake with these headers. */
  static handshake(httpPort: number, headers: Record<string, string>): Promise<Handshake> {
    const socket = new WebSocket(`ws://127.0.0.1:${httpPort}${LIVE_PATH}`, { headers });
    const listener = new LiveListener(socket);
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve({ status: 101, listener }));
      socket.on('unexpected-response', (request, response) => {
        resolve({ status: response.statusCode ?? 0 });
        request.destroy();
      });
      socket.on('error', reject);
    });
  }

  /** Connects and waits for the welcome, from which on nothing is missed. */
  static async open(httpPort: number, headers: Record<string, string>): Promise<LiveListener> {
    const handshake = await LiveListener.handshake(httpPort, headers);
    if (!('listener' in handshake)) throw new Error(`the feed answered ${handshake.status}`);
    await handshake.listener.find('welcome');
    return handshake.listener;
  }

  /** The first frame of this event that fits, from those that came or will come. */
  find<E extends LiveMessage['event']>(
    event: E,
    fits: (frame: Frame<E>) => boolean = () => true,
  ): Promise<Frame<E>> {
    let look = () => {};
    const found = new Promise<Frame<E>>((resolve) => {
      look = () => {
        const frame = this.frames.find(
          (one): one is Frame<E> => one.event === event && fits(one as Frame<E>),
        );
        if (frame) resolve(frame);
      };
    });
    this.#looking.add(look);
    look();
    return within(WAIT_MS, `a frame "${event}"`, found).finally(() => this.#looking.delete(look));
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}
