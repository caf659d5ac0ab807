// WebSockets of the dashboard. A handshake is admitted before it becomes a connection: a page of ours, a
// person who is signed in (or the bearer of the local token), and room for one more.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { HomeId } from '@hearth/contracts';
import type { Logger } from 'pino';
import { WebSocketServer, type WebSocket } from 'ws';
import { IdentityService } from '../auth/identity.service.js';
import { LOGGER } from '../common/logger.js';
import { ENV, type Env } from '../config/env.js';
import { isForeignOrigin } from '../upgrade/origin.js';
import { refuseUpgrade, UpgradeRouter } from '../upgrade/upgrade-router.js';

/** Browsers on the feed at a time. */
const MAX_LIVE_CLIENTS = 500;
/** Largest frame that a browser may send. It has nothing to say. */
const MAX_INCOMING_BYTES = 4 * 1024;

/** The handshake of an admitted browser. */
export interface AdmittedRequest extends IncomingMessage {
  homeId?: HomeId;
}

@Injectable()
export class LiveAdapter extends WsAdapter {
  readonly #env: Env;
  readonly #identities: IdentityService;
  readonly #upgrades: UpgradeRouter;
  readonly #log: Logger;

  constructor(
    @Inject(ENV) env: Env,
    identities: IdentityService,
    upgrades: UpgradeRouter,
    @Inject(LOGGER) logger: Logger,
  ) {
    super();
    this.#env = env;
    this.#identities = identities;
    this.#upgrades = upgrades;
    this.#log = logger;
  }

  /** Nest asks once for each gateway. The server has no port of its own: upgrades come through the router. */
  override create(_port: number, options: { path?: string } = {}): WebSocketServer {
    const server = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_INCOMING_BYTES,
      perMessageDeflate: false,
    });
    server.on('connection', (socket: WebSocket) => {
      // A peer that breaks the protocol or resets is closed by `ws`; nobody needs to hear of it.
      socket.on('error', () => {});
    });
    this.#upgrades.add(options.path ?? '/', (request, socket, head) => {
      this.#admit(server, request, socket, head).catch((error: unknown) => {
        this.#log.error({ err: error }, 'live feed could not admit a browser');
        refuseUpgrade(socket, 503);
      });
    });
    return server;
  }

  /** Browsers only listen; what they send is read and dropped. */
  override bindMessageHandlers(): void {}

  async #admit(
    server: WebSocketServer,
    request: AdmittedRequest,
    socket: Duplex,
    head: Buffer,
  ): Promise<void> {
    if (isForeignOrigin(request.headers, this.#env.publicUrl)) return refuseUpgrade(socket, 403);
    const identity = await this.#identities.identify(request.headers);
    if (!identity?.actor.homeId) return refuseUpgrade(socket, 401);
    if (server.clients.size >= MAX_LIVE_CLIENTS) return refuseUpgrade(socket, 503);
    request.homeId = identity.actor.homeId;
    server.handleUpgrade(request, socket, head, (client) => {
      server.emit('connection', client, request);
    });
  }
}
