import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Limits } from '../limits.js';
import type { Wire } from '../driver/wire.js';
import type { ListenerAddress, WebSocketListenerOptions } from '../options.js';
import { type HandleUpgrade, listen, type Listener } from './listener.js';
import { WebSocketWire } from './websocket-wire.js';

// What brokers of the 3.1 days called it, and what the specification says. [MQTT-6.0.0-3]
const subprotocols = ['mqtt', 'mqttv3.1'];

/** Makes wires of upgrade requests, whoever's HTTP server they came to. */
export function makeUpgrade(onWire: (wire: Wire) => void, limits: Limits): HandleUpgrade {
  // Twice, for the frames around the CONNECT and packets sent right behind it.
  const strangerBytes = 2 * limits.maxConnectPacketBytes;
  const server = new WebSocketServer({
    noServer: true,
    // Refused by the frame's header; never less than a packet.
    maxPayload: Math.max(limits.maxWebSocketMessageBytes, limits.maxPacketBytes),
    perMessageDeflate: false,
    handleProtocols: (offered) => subprotocols.find((name) => offered.has(name)) ?? false, // [MQTT-6.0.0-4]
  });
  // A malformed handshake is answered 400 by ws; unheard it would also be thrown.
  server.on('wsClientError', (_error, socket) => socket.destroy());
  return (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',');
    if (!offered.some((name) => subprotocols.includes(name.trim()))) {
      refuse(socket, 400);
      return;
    }
    server.handleUpgrade(request, socket, head, (webSocket) => {
      onWire(new WebSocketWire(webSocket, request, strangerBytes));
    });
  };
}

/** MQTT over WebSocket on a port of its own. */
export class WebSocketListener implements Listener {
  readonly #options: WebSocketListenerOptions;
  readonly #limits: Limits;
  #server: Server | undefined;

  constructor(options: WebSocketListenerOptions, limits: Limits) {
    this.#options = options;
    this.#limits = limits;
  }

  async start(onWire: (wire: Wire) => void): Promise<ListenerAddress> {
    const upgrade = makeUpgrade(onWire, this.#limits);
    const server = createServer((_request, response) => {
      response.writeHead(426, { 'content-type': 'text/plain', upgrade: 'websocket' });
      response.end('This port speaks MQTT over WebSocket.\n');
    });
    // A stranger gets no longer for its request than for its CONNECT.
    server.headersTimeout = this.#limits.connectTimeoutMs;
    server.maxConnections = this.#limits.maxConnections;
    const { path } = this.#options;
    server.on('upgrade', (request, socket: Duplex, head) => {
      socket.on('error', () => undefined);
      const isServed = path === undefined || request.url?.split('?')[0] === path;
      if (isServed) upgrade(request, socket, head);
      else refuse(socket, 404);
    });
    const address = await listen(server, this.#options);
    server.on('error', () => undefined);
    this.#server = server;
    return address;
  }

  stop(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`);
}
