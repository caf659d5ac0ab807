import { chmodSync } from 'node:fs';
import type { ListenOptions, Server } from 'node:net';
import { ListenFailed } from '../errors.js';
import type { ListenerAddress, ListenerOptions } from '../listener-options.js';
import { clearSocketFile } from './socket-file.js';

const DEFAULT_BACKLOG = 8192;
const OWNER_ONLY = 0o600;

/** Listens and answers the actual address. Rejects with ListenFailed. */
export async function listen(server: Server, options: ListenerOptions): Promise<ListenerAddress> {
  try {
    if (options.transport === 'unix') await clearSocketFile(options.path);
    await begin(server, options);
  } catch (error) {
    throw new ListenFailed(options, error as NodeJS.ErrnoException);
  }
  const named = options.name === undefined ? {} : { name: options.name };
  if (options.transport === 'unix') return { transport: 'unix', ...named, path: options.path };
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('a listening server has no address');
  }
  const { transport } = options;
  return { transport, ...named, host: address.address, port: address.port };
}

function begin(server: Server, options: ListenerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(placeOf(options), () => {
      server.off('error', reject);
      resolve();
    });
    // In the same turn, and only when it is our own file: a failed listen is told later.
    if (options.transport !== 'unix' || !server.listening) return;
    try {
      chmodSync(options.path, options.mode ?? OWNER_ONLY);
    } catch (error) {
      server.close();
      throw error;
    }
  });
}

function placeOf(options: ListenerOptions): ListenOptions {
  const { backlog = DEFAULT_BACKLOG } = options;
  if (options.transport === 'unix') return { path: options.path, backlog };
  const { port, host, ipv6Only = false } = options;
  return { port, backlog, ipv6Only, ...(host === undefined ? {} : { host }) };
}
