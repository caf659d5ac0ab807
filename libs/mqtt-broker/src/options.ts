// How a broker is configured: ports of the embedding program, listeners, and the page of limits.

import type { Authenticator } from './auth/authenticator.js';
import type { Clock } from './clock.js';
import { defaultLimits, type Limits } from './limits.js';
import type { Accept } from './message.js';
import type { Storage } from './storage/storage.js';

/** MQTT over plain TCP. Port 0 takes any free one. */
export interface TcpListenerOptions {
  transport: 'tcp';
  port: number;
  /** Defaults to all interfaces. */
  host?: string;
  /**
   * Connections that the kernel queues before we take them. Default 8192: with Node's own 511 a mass
   * reconnect after an outage waits for SYN retransmissions. The kernel cuts it to net.core.somaxconn.
   */
  backlog?: number;
}

/** MQTT over WebSocket, subprotocol `mqtt`. */
export interface WebSocketListenerOptions {
  transport: 'websocket';
  port: number;
  host?: string;
  backlog?: number;
  /** Only this path is served; any path when absent. */
  path?: string;
}

export type ListenerOptions = TcpListenerOptions | WebSocketListenerOptions;

/** Where a listener listens, with the actual port. */
export interface ListenerAddress {
  transport: ListenerOptions['transport'];
  host: string;
  port: number;
}

export interface BrokerOptions {
  listeners: ListenerOptions[];
  /** Default: denies everybody. */
  authenticator?: Authenticator;
  /** Default: accepts at once. */
  accept?: Accept;
  limits?: Partial<Limits>;
  clock?: Clock;
  /**
   * Keeps sessions that outlive their connection, what waits for them, and retained messages. QoS 1 and 2 messages are
   * acknowledged when what they leave there is durable. Default: nothing survives the process.
   */
  storage?: Storage;
  /**
   * What a 3.x publisher gets for a PUBLISH that its principal may not make; 3.x has no negative
   * acknowledgement. `acknowledge` (default): acknowledged as usual, never routed, counted.
   */
  deniedPublish3?: 'acknowledge' | 'disconnect';
  /**
   * What a 3.x publisher gets for a QoS 1 or 2 message that `accept` refused. `disconnect` (default):
   * no acknowledgement, so that the client keeps the message and sends it again.
   */
  refusedPublish3?: 'acknowledge' | 'disconnect';
  /** A bug inside the broker or in a handler of the embedding program; never caused by the wire. */
  onError?: (error: unknown) => void;
}

/** The defaults with `partial` over them. Throws a RangeError naming a limit that is no whole number of 0 or more. */
export function resolveLimits(partial: Partial<Limits> = {}): Limits {
  const limits = { ...defaultLimits };
  for (const name of Object.keys(defaultLimits) as (keyof Limits)[]) {
    const value = partial[name];
    if (value === undefined) continue;
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`limit ${name} must be a whole number of 0 or more, not ${value}`);
    }
    limits[name] = value;
  }
  return limits;
}
