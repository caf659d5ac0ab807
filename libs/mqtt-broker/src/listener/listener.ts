import type { IncomingMessage } from 'node:http';
import type { Server } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Wire } from '../driver/wire.js';
import { ListenFailed } from '../errors.js';
import type { ListenerAddress, ListenerOptions } from '../options.js';

/** Takes over an HTTP server's `upgrade` event. */
export type HandleUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Takes connections until stopped: streams of bytes, ordered and lossless. [MQTT-4.2.0-1] */
export interface Listener {
  /** Rejects with ListenFailed. */
  start(onWire: (wire: Wire) => void): Promise<ListenerAddress>;
  /** Takes no more connections. */
  stop(): void;
}

const DEFAULT_BACKLOG = 8192;

/** Listens and answers the actual address. */
export function listen(server: Server, options: ListenerOptions): Promise<ListenerAddress> {
  const { transport, port, host, backlog = DEFAULT_BACKLOG } = options;
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      reject(new ListenFailed(transport, host ?? '*', port, error));
    };
    server.once('error', fail);
    server.listen({ port, backlog, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', fail);
      const address = server.address();
      if (address === null || typeof address === 'string') {
        reject(new Error('a listening server has no address'));
        return;
      }
      resolve({ transport, host: address.address, port: address.port });
    });
  });
}
