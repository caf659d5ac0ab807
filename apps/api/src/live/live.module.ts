import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { HealthModule } from '../health/health.module.js';
import { IngestModule } from '../ingest/ingest.module.js';
import { LiveFeed } from './live-feed.js';
import { LiveNews } from './live-news.service.js';
import { LiveAdapter } from './live.adapter.js';
import { LiveGateway } from './live.gateway.js';

@Module({
  imports: [AuthModule, HealthModule, IngestModule],
  providers: [LiveAdapter, LiveFeed, LiveGateway, LiveNews],
  exports: [LiveGateway],
})
export class LiveModule {}
