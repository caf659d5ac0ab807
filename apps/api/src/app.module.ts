// The map of the api: every slice, one line each.
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { ContractInterceptor } from './common/contract.interceptor.js';
import { ProblemFilter } from './common/problem.filter.js';
import { ConfigModule, type AppSettings } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import { DirectoryModule } from './directory/directory.module.js';
import { EventsModule } from './events/events.module.js';

@Module({
  imports: [EventsModule, DirectoryModule, DatabaseModule],
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: ContractInterceptor },
  ],
})
export class AppModule {
  static with(settings: AppSettings): DynamicModule {
    return { module: AppModule, imports: [ConfigModule.with(settings)] };
  }
}
