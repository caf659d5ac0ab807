import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Database } from '@hearth/db';
import type { Logger } from 'pino';
import { LOGGER } from '../common/logger.js';
import { ENV } from '../config/env.js';
import { AUTH_STORE, authStore } from './auth-store.js';
import { connectDatabase, DATABASE } from './database.js';
import { DiskWatch } from './disk-watch.js';

/** Gives the database to repositories; it is connected and migrated before anybody else is made. */
@Global()
@Module({
  providers: [
    DiskWatch,
    { provide: DATABASE, useFactory: connectDatabase, inject: [ENV, LOGGER] },
    { provide: AUTH_STORE, useFactory: authStore, inject: [DATABASE] },
  ],
  exports: [DATABASE, AUTH_STORE, DiskWatch],
})
export class DatabaseModule implements OnApplicationShutdown {
  readonly #database: Database;
  readonly #logger: Logger;

  constructor(@Inject(DATABASE) database: Database, @Inject(LOGGER) logger: Logger) {
    this.#database = database;
    this.#logger = logger;
  }

  /** The last of all hooks: everybody who writes has stopped in `beforeApplicationShutdown`. */
  async onApplicationShutdown(): Promise<void> {
    await this.#database.close();
    this.#logger.debug('database disconnected');
  }
}
