// How a broker is configured: ports of the embedding program, listeners, and the page of limits.

import type { Authenticator } from './auth/authenticator.js';
import type { EnhancedAuthenticator } from './auth/enhanced-authenticator.js';
import type { Clock } from './clock.js';
import { defaultLimits, type Limits } from './limits.js';
import type { ListenerOptions } from './listener-options.js';
import type { ListenerSettings } from './listener-settings.js';
import type { Accept } from './message.js';
import type { Storage } from './storage/storage.js';

export interface BrokerOptions {
  /** Where clients connect; none when only `handleUpgrade` brings them. */
  listeners: ListenerOptions[];
  /** Says who a client is and what it may do. A broker that nobody configured is closed. @default denies everybody */
  authenticator?: Authenticator;
  /** Authentication by AUTH packets (MQTT 5.0), one for each method. @default none: a CONNECT with a method gets 0x8C */
  enhancedAuthenticators?: EnhancedAuthenticator[];
  /** What the clients of all listeners and of `handleUpgrade` get. @default the settings' own defaults */
  settings?: ListenerSettings;
  /** Asked for every message before it is acknowledged. @default accepts at once */
  accept?: Accept;
  /** Bounds that differ from their defaults. @default the limits below */
  limits?: Partial<Limits>;
  /** Time and timers, for tests. @default the machine's */
  clock?: Clock;
  /**
   * Keeps sessions that outlive their connection, what waits for them, and retained messages. QoS 1 and 2 messages are
   * acknowledged when what they leave there is durable. @default nothing survives the process
   */
  storage?: Storage;
  /**
   * What a 3.x publisher gets for a PUBLISH that its principal may not make; 3.x has no negative
   * acknowledgement. `acknowledge`: acknowledged as usual, never routed, counted. @default acknowledge
   */
  deniedPublish3?: 'acknowledge' | 'disconnect';
  /**
   * What a 3.x publisher gets for a QoS 1 or 2 message that `accept` refused. `disconnect`: no acknowledgement, so
   * that the client keeps the message and sends it again. @default disconnect
   */
  refusedPublish3?: 'acknowledge' | 'disconnect';
  /**
   * What happens to a v5 client that has more QoS 1 and 2 messages unacknowledged than the Receive Maximum it was told.
   * `disconnect`: with 0x93, as the specification wants. `tolerate`: served as a 3.x client is, which never was told
   * one; `maxPendingAccepts` and `maxIncomingQos2` bound it. @default disconnect
   */
  receiveMaximumExceeded?: 'disconnect' | 'tolerate';
  /**
   * Seconds between two updates of the topics below `$SYS/broker/`, which say how the broker is under Mosquitto's names;
   * 0 for no such topics. Read by whoever's principal allows the filter: see `Principal.canSubscribe`. @default 10
   */
  sysIntervalSeconds?: number;
  /** Told of a bug inside the broker or in a handler of the embedding program. @default process.emitWarning */
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
