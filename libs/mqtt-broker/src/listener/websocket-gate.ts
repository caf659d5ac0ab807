// HTTP between a socket and MQTT: the upgrade to a WebSocket.

import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { ReasonCode } from '../codec/reason-codes.js';
import type { Wire } from '../driver/wire.js';
import type { Limits } from '../limits.js';
import type { Antechamber } from './antechamber.js';
import type { Door } from './door.js';
import type { HandleUpgrade } from './listener.js';
import { WebSocketWire } from './websocket-wire.js';

// What brokers of the 3.1 days called it, and what the specification says. [MQTT-6.0.0-3]
const subprotocols = ['mqtt', 'mqttv3.1'];
const FORBIDDEN = 403;
const UPGRADE_REQUIRED = 426;

export interface UpgradeParts {
  readonly door: Door;
  readonly limits: Limits;
  /** Only this path, when given. */
  readonly path?: string | undefined;
  /** Only pages of these, when given. */
  readonly origins?: readonly string[] | undefined;
  readonly onWire: (wire: Wire, socket: Socket) => void;
  /** Answers with `status` and closes. */
  readonly onRefused: (socket: Socket, status: number, cause: string) => void;
}

export interface WebSocketGateParts extends Omit<UpgradeParts, 'onRefused'> {
  readonly antechamber: Antechamber;
}

/** Makes wires of upgrade requests, whoever's HTTP server they came to. */
export function makeUpgrade(parts: UpgradeParts): HandleUpgrade {
  const { door, limits, path, onWire, onRefused } = parts;
  const origins = parts.origins?.map((origin) => origin.toLowerCase());
  // Twice, for the frames around the CONNECT and packets sent right behind it.
  const strangerBytes = 2 * limits.maxConnectPacketBytes;
  const server = new WebSocketServer({
    noServer: true,
    // Refused by the frame's header; never less than a packet.
    maxPayload: Math.max(limits.maxWebSocketMessageBytes, limits.maxPacketBytes),
    perMessageDeflate: false,
    handleProtocols: (offered) => subprotocols.find((name) => offered.has(name)) ?? false, // [MQTT-6.0.0-4]
  });
  server.on('wsClientError', ({ message }, _socket, { socket }) => onRefused(socket, 400, message));
  return (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const { socket } = request;
    const { origin } = request.headers;
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',');
    if (path !== undefined && request.url?.split('?')[0] !== path) {
      onRefused(socket, 404, 'no MQTT on this path');
    } else if (origin !== undefined && origins?.includes(origin.toLowerCase()) === false) {
      onRefused(
        socket,
        FORBIDDEN,
        `no page of ${JSON.stringify(origin.slice(0, 100))} may connect`,
      );
    } else if (!offered.some((name) => subprotocols.includes(name.trim()))) {
      onRefused(socket, 400, 'the subprotocol mqtt is not offered');
    } else {
      server.handleUpgrade(request, stream, head, (webSocket) => {
        onWire(new WebSocketWire(webSocket, socket, door, strangerBytes), socket);
      });
    }
  };
}

/** The last bytes of an HTTP connection: a status and a cause in words. */
export function httpRefusal(status: number, cause: string): string {
  const upgrade = status === UPGRADE_REQUIRED ? 'Upgrade: websocket\r\n' : '';
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${upgrade}Connection: close\r\n`;
  return `${head}Content-Type: text/plain\r\n\r\n${cause}\n`;
}

/** The reason code for an HTTP status. */
export function refusalCode(status: number): number {
  return status === FORBIDDEN ? ReasonCode.notAuthorized : ReasonCode.unspecifiedError;
}

/** Takes sockets that are in the antechamber through their upgrade. */
export class WebSocketGate {
  /** Never listens: sockets are brought to it. */
  readonly #server: Server;
  readonly #antechamber: Antechamber;

  constructor(parts: WebSocketGateParts) {
    const { antechamber, onWire } = parts;
    const refuse = (socket: Socket, status: number, cause: string): void => {
      antechamber.turnAway(socket, cause, refusalCode(status), httpRefusal(status, cause));
    };
    this.#antechamber = antechamber;
    this.#server = createServer(({ socket }) => {
      refuse(socket, UPGRADE_REQUIRED, 'this port speaks MQTT over WebSocket');
    });
    const upgrade = makeUpgrade({
      ...parts,
      onWire: (wire, socket) => {
        if (antechamber.leave(socket)) onWire(wire, socket);
        else wire.destroy();
      },
      onRefused: refuse,
    });
    this.#server.on('upgrade', upgrade);
    this.#server.on('clientError', (_error, socket) => {
      if (socket instanceof Socket) refuse(socket, 400, 'no HTTP request');
    });
  }

  take(socket: Socket): void {
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#antechamber.turnAway(socket, 'connection closed before its upgrade');
    });
    this.#server.emit('connection', socket);
  }
}
