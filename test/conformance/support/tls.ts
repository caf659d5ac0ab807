// MQTT over TLS: an authority for one file of scenarios, and the raw client on a TLS socket.

import { once } from 'node:events';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { RawClient, within, type OpenOptions } from '@hearth/testkit';
import type { TlsListenerOptions, TlsOptions } from '@hearth/mqtt-broker';
import { TestAuthority } from '../../support/test-authority.js';
import { afterwards, type TestServer } from './server.js';

export const SERVER_NAME = 'broker.test';

/** Trusted by the clients below. */
export const authority = new TestAuthority();

/** What a server needs to be trusted by them. */
export const identity = authority.issue(SERVER_NAME, { dnsName: SERVER_NAME });

/** A listener on any free port. */
export function overTls(more: Partial<TlsOptions> = {}, name?: string): TlsListenerOptions {
  const tls = { key: identity.key, cert: identity.cert, ...more };
  const named = name === undefined ? {} : { name };
  return { transport: 'tls', port: 0, host: '127.0.0.1', tls, ...named };
}

/** The port of the first listener of that transport, or of that name. */
export function portOf({ broker }: TestServer, wanted: string): number {
  const address = broker.addresses.find(
    ({ transport, name }) => transport === wanted || name === wanted,
  );
  if (address?.port === undefined) throw new Error(`no listener ${wanted}`);
  return address.port;
}

/** A TLS connection on which nothing was sent. Rejects when the handshake fails on the client's side. */
export async function openTlsSocket(
  port: number,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  const socket = connect({
    host: '127.0.0.1',
    port,
    servername: SERVER_NAME,
    ca: authority.ca,
    ...options,
  });
  afterwards(async () => void socket.destroy());
  await within(8000, 'the TLS handshake', once(socket, 'secureConnect'));
  return socket;
}

/** The raw client over TLS. */
export async function openTls(
  port: number,
  options: ConnectionOptions & OpenOptions = {},
): Promise<RawClient> {
  const { version, ...rest } = options;
  const socket = await openTlsSocket(port, rest);
  return new RawClient(socket, version === undefined ? {} : { version });
}
