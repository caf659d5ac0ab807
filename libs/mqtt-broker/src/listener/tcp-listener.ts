import { createServer, type Server } from 'node:net';
import type { Wire } from '../driver/wire.js';
import type { ListenerAddress, TcpListenerOptions } from '../options.js';
import { listen, type Listener } from './listener.js';
import { TcpWire } from './tcp-wire.js';

/** MQTT over plain TCP. */
export class TcpListener implements Listener {
  readonly #options: TcpListenerOptions;
  #server: Server | undefined;

  constructor(options: TcpListenerOptions) {
    this.#options = options;
  }

  async start(onWire: (wire: Wire) => void): Promise<ListenerAddress> {
    const server = createServer({ noDelay: true }, (socket) => onWire(new TcpWire(socket)));
    const address = await listen(server, this.#options);
    // Failures of single accepts (no file descriptors left) must not end the process.
    server.on('error', () => undefined);
    this.#server = server;
    return address;
  }

  stop(): void {
    this.#server?.close();
  }
}
