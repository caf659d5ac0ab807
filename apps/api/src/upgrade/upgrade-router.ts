// The one listener for HTTP upgrades: the live feed and MQTT over WebSocket share the api's port.
import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

@Injectable()
export class UpgradeRouter implements OnModuleInit {
  readonly #host: HttpAdapterHost;
  readonly #handlers = new Map<string, UpgradeHandler>();

  constructor(host: HttpAdapterHost) {
    this.#host = host;
  }

  onModuleInit(): void {
    const server = this.#host.httpAdapter.getHttpServer() as Server;
    server.on('upgrade', (request, socket, head) => this.route(request, socket, head));
  }

  /** Gives upgrades of `path` to `handler`, which then owns the socket. */
  add(path: string, handler: UpgradeHandler): void {
    this.#handlers.set(path, handler);
  }

  route(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A peer that resets the connection while nobody listens would end the process.
    socket.on('error', () => socket.destroy());
    const handler = this.#handlers.get(pathOf(request));
    if (!handler) return refuseUpgrade(socket, 404);
    handler(request, socket, head);
  }
}

/** Answers a handshake with an HTTP status and closes the connection. */
export function refuseUpgrade(socket: Duplex, status: 401 | 403 | 404 | 503): void {
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    () => socket.destroy(),
  );
}

function pathOf(request: IncomingMessage): string {
  const target = request.url ?? '';
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}
