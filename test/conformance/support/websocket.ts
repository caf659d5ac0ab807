// MQTT over WebSocket: the raw client on the frames of a WebSocket.

import { once } from 'node:events';
import { RawClient, within, type OpenOptions } from '@hearth/testkit';
import { createWebSocketStream, WebSocket } from 'ws';
import { afterwards, type TestServer } from './server.js';

export interface WebSocketOptions {
  path?: string;
  /** Default: mqtt. */
  subprotocols?: string[];
  headers?: Record<string, string>;
}

/** An open WebSocket on which nothing was sent. Rejects when the handshake is refused. */
export async function openWebSocket(
  server: TestServer,
  { path = '/mqtt', subprotocols = ['mqtt'], headers = {} }: WebSocketOptions = {},
): Promise<WebSocket> {
  const url = `ws://127.0.0.1:${server.websocketPort}${path}`;
  const socket = new WebSocket(url, subprotocols, { headers, perMessageDeflate: false });
  afterwards(async () => socket.terminate());
  await within(8000, 'the WebSocket handshake', once(socket, 'open'));
  return socket;
}

/** A raw client whose every write is one frame. */
export function overWebSocket(socket: WebSocket, options: OpenOptions = {}): RawClient {
  return new RawClient(createWebSocketStream(socket), options);
}
