// The map of the api: every slice, one line each.
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { AggregatesModule } from './aggregates/aggregates.module.js';
import { AuthModule } from './auth/auth.module.js';
import { BrokerModule } from './broker/broker.module.js';
import { ClimateModule } from './climate/climate.module.js';
import { ClocksModule } from './clocks/clocks.module.js';
import { CommandsModule } from './commands/commands.module.js';
import { ContractInterceptor } from './common/contract.interceptor.js';
import { ProblemFilter } from './common/problem.filter.js';
import { ConfigModule, type AppSettings } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import { DevicesModule } from './devices/devices.module.js';
import { DirectoryModule } from './directory/directory.module.js';
import { DocsModule } from './docs/docs.module.js';
import { EventsModule } from './events/events.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { HealthModule } from './health/health.module.js';
import { HomesModule } from './homes/homes.module.js';
import { InboxModule } from './inbox/inbox.module.js';
import { IngestModule } from './ingest/ingest.module.js';
import { IntegrationsModule } from './integrations/integrations.module.js';
import { LiveModule } from './live/live.module.js';
import { MappingsModule } from './mappings/mappings.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { OverviewModule } from './overview/overview.module.js';
import { PagesModule } from './pages/pages.module.js';
import { PresenceModule } from './presence/presence.module.js';
import { ReadingsModule } from './readings/readings.module.js';
import { ReplayModule } from './replay/replay.module.js';
import { HomeRetentionModule } from './retention/home-retention.module.js';
import { RollupsModule } from './rollups/rollups.module.js';
import { SetupModule } from './setup/setup.module.js';
import { SimulatorModule } from './simulator/simulator.module.js';
import { UnknownMetricsModule } from './unknown-metrics/unknown-metrics.module.js';
import { UpgradeModule } from './upgrade/upgrade.module.js';

@Module({
  imports: [
    AggregatesModule,
    AuthModule,
    BrokerModule,
    ClimateModule,
    ClocksModule,
    CommandsModule,
    DatabaseModule,
    DevicesModule,
    DirectoryModule,
    DocsModule,
    EventsModule,
    ExportsModule,
    HealthModule,
    HomeRetentionModule,
    HomesModule,
    InboxModule,
    IngestModule,
    IntegrationsModule,
    LiveModule,
    MappingsModule,
    MetricsModule,
    OverviewModule,
    PagesModule,
    PresenceModule,
    ReadingsModule,
    ReplayModule,
    RollupsModule,
    SetupModule,
    SimulatorModule,
    UnknownMetricsModule,
    UpgradeModule,
  ],
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
