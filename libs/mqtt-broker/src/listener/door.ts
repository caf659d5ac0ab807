import type { Socket } from 'node:net';
import type { Transport } from '../auth/authenticator.js';
import type { Entrance } from '../driver/entrance.js';

/** The listener that a connection came through, as the connection knows it. */
export interface Door {
  readonly transport: Transport;
  readonly name: string | undefined;
  readonly entrance: Entrance;
}

/** The other side's address; clients of a Unix-domain socket have none. */
export function addressOf(socket: Socket, { transport }: Door): string {
  return transport === 'unix' ? 'unix' : plainAddress(socket.remoteAddress);
}

/** IPv4 addresses in their own form, also on a dual-stack socket. */
function plainAddress(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
