// The broker as the embedding program sees it.

import type { BrokerEvents } from './events.js';
import type { HandleUpgrade } from './listener/listener.js';
import type { Message, OutgoingMessage, Publication } from './message.js';
import type { ListenerAddress, TlsOptions } from './listener-options.js';
import type { BrokerStats, ClientInfo } from './stats.js';
import type { Trace, TraceFilter, TraceOptions } from './trace/trace.js';

/** Ends what it was returned for; harmless when called again. */
export type Unsubscribe = () => void;

/** How an in-process subscription is made. */
export interface SubscribeOptions {
  /** Also hands over the retained messages that match, before returning. Default false. */
  retained?: boolean;
}

/** An MQTT broker inside this process. */
export interface Broker {
  /**
   * Reads the storage, if there is one, and resolves when every listener listens. Rejects with `ListenFailed`, having
   * closed the others, or with the storage's error when what it holds cannot be read.
   */
  start(): Promise<void>;
  /**
   * Tells v5 clients 0x8B, publishes the wills of all connections, closes listeners and resolves when
   * every socket is closed. What the storage keeps stays there, committed; all else ends.
   */
  stop(): Promise<void>;
  /** Actual addresses; empty before `start`. */
  readonly addresses: readonly ListenerAddress[];
  /** Takes over an HTTP upgrade request of the embedding program's server: MQTT over WebSocket. */
  readonly handleUpgrade: HandleUpgrade;
  /**
   * New keys, certificates, authorities and revocation lists for running listeners, by their names. Open
   * connections stay as they are. Throws InvalidTls, or a RangeError on a name that is none of a TLS
   * listener; then all listeners keep what they have.
   */
  reloadTls(tls: Readonly<Record<string, TlsOptions>>): void;
  /** Publishes without authorisation and `accept`. Throws a RangeError on an invalid topic name. */
  publish(message: OutgoingMessage): Publication;
  /** Calls `handler` for every message whose topic matches. Throws a RangeError on an invalid filter. */
  subscribe(
    filter: string,
    handler: (message: Message) => void,
    options?: SubscribeOptions,
  ): Unsubscribe;
  on<E extends keyof BrokerEvents>(
    event: E,
    handler: (payload: BrokerEvents[E]) => void,
  ): Unsubscribe;
  /**
   * Ends the connections with this client identifier (there is one per principal that uses it) with
   * `reasonCode`, by default 0x98. False when there was none.
   */
  disconnect(clientId: string, reasonCode?: number): boolean;
  /** Ends all connections of a principal, and its sessions on request. Answers how many connections ended. */
  disconnectPrincipal(
    principalId: string,
    reasonCode?: number,
    options?: { deleteSession?: boolean },
  ): number;
  /**
   * Records the packets of one client (or several), in and out, from now on. Costs the others nothing. Throws a
   * RangeError beyond the limits `maxTraces`, `maxTracePackets` and `maxTraceBytes`.
   */
  trace(filter: TraceFilter, options?: TraceOptions): Trace;
  clients(): ClientInfo[];
  stats(): BrokerStats;
}
