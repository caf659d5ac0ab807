import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { CLOCK, type Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.js';
import { ENV, type Env } from './env.js';

/** What one running app is made with. */
export interface AppSettings {
  readonly env: Env;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** `ENV`, `LOGGER` and `CLOCK` for everybody. */
@Global()
@Module({})
export class ConfigModule {
  static with(settings: AppSettings): DynamicModule {
    return {
      module: ConfigModule,
      providers: [
        { provide: ENV, useValue: settings.env },
        { provide: LOGGER, useValue: settings.logger },
        { provide: CLOCK, useValue: settings.clock },
      ],
      exports: [ENV, LOGGER, CLOCK],
    };
  }
}
