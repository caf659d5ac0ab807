// Browsers come and go. Each gets a welcome, then everything that happens at home.
import type { IncomingHttpHeaders } from 'node:http';
import { Inject, type BeforeApplicationShutdown } from '@nestjs/common';
import {
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
} from '@nestjs/websockets';
import { LIVE_INTERVAL_MS, LIVE_PATH, type HomeId } from '@hearth/contracts';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { IdentityService } from '../auth/identity.service.js';
import { CLOCK, type Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.js';
import { HealthService } from '../health/health.service.js';
import { encodeFrame } from './frame.js';
import { LiveClient } from './live-client.js';
import { LiveFeed } from './live-feed.js';
import type { AdmittedRequest } from './live.adapter.js';

/** How often a browser is asked whether it is there, and whether its person is still signed in. */
const CHECK_EVERY_MS = 30_000;
/** WebSocket close code of a client whose session ended. 4000 and up are the application's. */
const SIGNED_OUT = 4401;

interface Visit {
  readonly client: LiveClient;
  readonly homeId: HomeId;
  readonly headers: IncomingHttpHeaders;
}

@WebSocketGateway({ path: LIVE_PATH })
export class LiveGateway
  implements OnGatewayConnection, OnGatewayDisconnect, BeforeApplicationShutdown
{
  readonly #feed: LiveFeed;
  readonly #identities: IdentityService;
  readonly #health: HealthService;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #visits = new Map<WebSocket, Visit>();
  #timers: NodeJS.Timeout[] = [];

  constructor(
    feed: LiveFeed,
    identities: IdentityService,
    health: HealthService,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#feed = feed;
    this.#identities = identities;
    this.#health = health;
    this.#clock = clock;
    this.#logger = logger;
  }

  beforeApplicationShutdown(): void {
    this.#stopTimers();
    this.#feed.flush();
    for (const { client } of this.#visits.values()) client.close(1001, 'the server stops');
  }

  /** How many browsers are connected. */
  get visitors(): number {
    return this.#visits.size;
  }

  handleConnection(socket: WebSocket, request: AdmittedRequest): void {
    const { homeId, headers } = request;
    if (homeId === undefined) return socket.terminate();
    const { cookie, authorization } = headers;
    const client = new LiveClient(socket);
    if (this.#visits.size === 0) this.#startTimers();
    this.#visits.set(socket, {
      client,
      homeId,
      headers: { ...(cookie && { cookie }), ...(authorization && { authorization }) },
    });
    socket.on('pong', () => client.receivePong());
    this.#welcome(socket).catch((error: unknown) => {
      this.#logger.error({ err: error }, 'live feed could not welcome a browser');
      socket.terminate();
    });
  }

  handleDisconnect(socket: WebSocket): void {
    const visit = this.#visits.get(socket);
    if (!visit) return;
    this.#visits.delete(socket);
    if (this.#visits.size === 0) this.#stopTimers();
    this.#feed.leave(visit.homeId, visit.client);
  }

  /** While nobody looks, nothing wakes. */
  #startTimers(): void {
    this.#timers = [
      setInterval(() => this.#feed.flush(), LIVE_INTERVAL_MS).unref(),
      setInterval(() => this.#checkVisits(), CHECK_EVERY_MS).unref(),
    ];
  }

  #stopTimers(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  async #welcome(socket: WebSocket): Promise<void> {
    const health = await this.#health.check();
    const visit = this.#visits.get(socket);
    if (!visit) return;
    const welcome = { event: 'welcome', data: { serverTime: this.#clock.now(), health } } as const;
    socket.send(encodeFrame(welcome), { binary: false });
    // After the welcome and in the same turn: what the page loads from now on and the feed leave no gap.
    this.#feed.join(visit.homeId, visit.client);
  }

  #checkVisits(): void {
    for (const visit of this.#visits.values()) {
      visit.client.checkAlive();
      this.#checkSession(visit).catch((error: unknown) => {
        // The database may be away; the feed goes on, and the next check asks again.
        this.#logger.warn({ err: error }, 'session of a live client could not be checked');
      });
    }
  }

  async #checkSession({ client, headers, homeId }: Visit): Promise<void> {
    const identity = await this.#identities.identify(headers);
    if (identity?.actor.homeId !== homeId) client.close(SIGNED_OUT, 'signed out');
  }
}
