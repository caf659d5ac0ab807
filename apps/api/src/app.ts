// Builds and starts one whole api. Several may run in one process: nothing here is static.
import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import helmet from '@fastify/helmet';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import { LocalToken } from './auth/local-token.js';
import { BrokerService } from './broker/broker.service.js';
import { SystemClock, type Clock } from './common/clock.js';
import { createLogger, NestLogger } from './common/logger.js';
import type { Env } from './config/env.js';
import { RouteList, type ServedRoute } from './docs/route-list.js';
import { LiveAdapter } from './live/live.adapter.js';
import { SetupService } from './setup/setup.service.js';

/** Largest body of a request, bytes. */
const MAX_BODY_BYTES = 1024 * 1024;

/** A request must have arrived within this time; slower ones are attacks or broken. Milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;

/** A started api. */
export interface RunningApp {
  readonly httpPort: number;
  readonly mqttPort: number;
  /** Where the owner sets Hearth up; undefined when that is done. */
  readonly setupUrl: string | undefined;
  /** Bearer token of whoever can read the data folder. */
  readonly localToken: string;
  /** Every HTTP route that is served. */
  readonly routes: readonly ServedRoute[];
  /** Stops listening, lets running work end, disconnects from the database. */
  close(): Promise<void>;
}

export interface Overrides {
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** Resolves when HTTP and MQTT listen. Rejects with `ListenFailed` or what the database said. */
export async function createApp(env: Env, overrides: Overrides = {}): Promise<RunningApp> {
  const logger = overrides.logger ?? createLogger(env);
  const clock = overrides.clock ?? new SystemClock();
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: [...env.trustedProxies],
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Requests that are being answered may end; connections that wait for the next one are closed.
    forceCloseConnections: 'idle',
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with({ env, logger, clock }),
    adapter,
    { logger: new NestLogger(logger), bodyParser: false, abortOnError: false },
  );
  await configureHttp(app, env);
  try {
    await app.listen(env.apiPort, env.apiHost);
  } catch (error) {
    await app.close();
    throw error;
  }
  const address = app.getHttpServer().address() as AddressInfo;
  return {
    httpPort: address.port,
    mqttPort: app.get(BrokerService, { strict: false }).port,
    setupUrl: app.get(SetupService, { strict: false }).url,
    localToken: app.get(LocalToken, { strict: false }).value,
    routes: app.get(RouteList, { strict: false }).list(),
    close: () => app.close(),
  };
}

async function configureHttp(app: NestFastifyApplication, env: Env): Promise<void> {
  app.setGlobalPrefix('api', { exclude: ['metrics'] });
  // JSON is the only body: a form post of a foreign page is refused before anything else.
  app.getHttpAdapter().getInstance().removeContentTypeParser('text/plain');
  app.useWebSocketAdapter(app.get(LiveAdapter, { strict: false }));
  await app.register(helmet, { hsts: env.publicUrl.startsWith('https:') });
}
