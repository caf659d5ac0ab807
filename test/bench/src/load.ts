// The clients of one measurement at one peer: opened together, gone together.
import type { Level } from './frames.js';
import { LoadClient, type LoadClientOptions } from './load-client.js';
import type { Peer } from './peers.js';

const AT_ONCE = 100;

export class Load {
  readonly clients: LoadClient[] = [];
  readonly #peer: Peer;
  readonly #level: Level;

  constructor(peer: Peer, level: Level = 4) {
    this.#peer = peer;
    this.#level = level;
  }

  async open(options: Partial<LoadClientOptions> = {}): Promise<LoadClient> {
    const number = this.clients.length;
    const client = await LoadClient.open(this.optionsOf(number, options));
    this.clients.push(client);
    return client;
  }

  /** Opens `count` clients, a hundred at a time. */
  async openMany(count: number, options: Partial<LoadClientOptions> = {}): Promise<LoadClient[]> {
    const opened: LoadClient[] = [];
    const base = this.clients.length;
    while (opened.length < count) {
      const size = Math.min(AT_ONCE, count - opened.length);
      const from = base + opened.length;
      opened.push(
        ...(await Promise.all(
          Array.from({ length: size }, (_, index) =>
            LoadClient.open(this.optionsOf(from + index, options)),
          ),
        )),
      );
    }
    this.clients.push(...opened);
    return opened;
  }

  optionsOf(number: number, options: Partial<LoadClientOptions> = {}): LoadClientOptions {
    return {
      port: this.#peer.port,
      login: this.#peer.login,
      level: this.#level,
      clientId: `bench-${number}`,
      ...options,
    };
  }

  stop(): void {
    for (const client of this.clients) client.stop();
  }

  close(): void {
    for (const client of this.clients) client.close();
  }
}

/** Runs a measurement and closes its clients whatever comes of it. */
export async function withLoad<T>(
  peer: Peer,
  level: Level,
  act: (load: Load) => Promise<T>,
): Promise<T> {
  const load = new Load(peer, level);
  try {
    return await act(load);
  } finally {
    load.close();
  }
}
