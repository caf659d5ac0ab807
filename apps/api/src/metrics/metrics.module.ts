import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { BrokerModule } from '../broker/broker.module.js';
import { IngestModule } from '../ingest/ingest.module.js';
import { LiveModule } from '../live/live.module.js';
import { PagesModule } from '../pages/pages.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { RollupsModule } from '../rollups/rollups.module.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsService } from './metrics.service.js';

@Module({
  imports: [
    AuthModule,
    BrokerModule,
    IngestModule,
    LiveModule,
    PagesModule,
    PresenceModule,
    RollupsModule,
  ],
  controllers: [MetricsController],
  providers: [MetricsService],
})
export class MetricsModule {}
