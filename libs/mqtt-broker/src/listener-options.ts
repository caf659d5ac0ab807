// What a listener is made of: one union, told apart by its transport.

import type { ListenerSettings } from './listener-settings.js';

/** What every listener may have. */
export interface AnyListenerOptions {
  /** Told to the authenticator, and how `reloadTls` finds it; unique in a broker. @default none */
  name?: string;
  /**
   * Connections that the kernel queues before we take them: with Node's own 511 a mass reconnect after an outage
   * waits for SYN retransmissions. The kernel cuts it to net.core.somaxconn. @default 8192
   */
  backlog?: number;
  /** What its clients get that differs from the broker's `settings`. @default the broker's */
  settings?: ListenerSettings;
}

/** What a listener on a TCP port has. */
export interface PortListenerOptions extends AnyListenerOptions {
  /** Where it listens; 0 takes any free port. */
  port: number;
  /** The address to listen on; `0.0.0.0` is all of IPv4. @default all interfaces */
  host?: string;
  /** No IPv4 on an IPv6 address: with host `::` it is all of IPv6 and nothing else. @default false */
  ipv6Only?: boolean;
}

/** MQTT over plain TCP. */
export interface TcpListenerOptions extends PortListenerOptions {
  /** What this listener speaks. */
  transport: 'tcp';
}

/** MQTT over TLS. */
export interface TlsListenerOptions extends PortListenerOptions {
  /** What this listener speaks. */
  transport: 'tls';
  /** Who we are, and what clients must prove. */
  tls: TlsOptions;
}

/** MQTT over WebSocket, subprotocol `mqtt`. */
export interface WebSocketListenerOptions extends PortListenerOptions {
  /** What this listener speaks. */
  transport: 'websocket';
  /** Only this path is served. @default any path */
  path?: string;
  /**
   * The sites whose pages may connect, as browsers name them in `Origin`: `https://example.org`. Programs, which name
   * none, are not held back by it. @default any
   */
  origins?: readonly string[];
}

/** MQTT over WebSocket over TLS: all that a `websocket` and a `tls` listener have. */
export interface WssListenerOptions
  extends Omit<WebSocketListenerOptions, 'transport'>, Omit<TlsListenerOptions, 'transport'> {
  /** What this listener speaks. */
  transport: 'wss';
}

/** MQTT over a Unix-domain socket. */
export interface UnixListenerOptions extends AnyListenerOptions {
  /** What this listener speaks. */
  transport: 'unix';
  /** Where the socket file is made. One that a dead process left behind is replaced. */
  path: string;
  /** Permissions of the socket file. @default 0o600, its user only */
  mode?: number;
}

/** Text in PEM form. */
export type Pem = string | Buffer;

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** A server's identity, and what it wants to know of its clients'. */
export interface TlsOptions {
  /** The private key. */
  key: Pem;
  /** Of an encrypted `key`. @default none */
  passphrase?: string;
  /** The server's certificate, followed by those between it and its root. */
  cert: Pem;
  /**
   * Whether clients are asked for a certificate. With `optional` they may have none, but one that is not trusted
   * ends the connection here too. @default none
   */
  requestCertificate?: 'none' | 'optional' | 'required';
  /** The authorities whose client certificates are trusted, and no others. @default needed when one is requested */
  ca?: Pem | readonly Pem[];
  /** Revocation lists; when given, every authority of a client's chain must have a current one (see `crlScope`). @default nothing is revoked */
  crl?: Pem | readonly Pem[];
  /**
   * Whether each authority of a client's chain needs a revocation list, or only the one that issued its certificate,
   * which `ca` must then have. @default chain
   */
  crlScope?: 'chain' | 'leaf';
  /**
   * Trusts client certificates that have expired or are not valid yet, if nothing else speaks against them and `ca` has
   * every authority up to the root. @default false
   */
  ignoreCertificateDates?: boolean;
  /** Lowest version. @default TLSv1.2 */
  minVersion?: TlsVersion;
  /** Highest version. @default TLSv1.3 */
  maxVersion?: TlsVersion;
  /** In OpenSSL's notation, the suites of TLS 1.3 among them. @default Node's */
  ciphers?: string;
  /** Diffie-Hellman parameters. @default elliptic curves only */
  dhparam?: Pem;
}

export type ListenerOptions =
  | TcpListenerOptions
  | TlsListenerOptions
  | WebSocketListenerOptions
  | WssListenerOptions
  | UnixListenerOptions;

interface PortAddress {
  transport: Exclude<ListenerOptions['transport'], 'unix'>;
  name?: string;
  host: string;
  /** The actual one. */
  port: number;
}

interface UnixAddress {
  transport: 'unix';
  name?: string;
  path: string;
  host?: never;
  port?: never;
}

/** Where a listener listens. */
export type ListenerAddress = PortAddress | UnixAddress;
