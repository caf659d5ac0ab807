import { Module } from '@nestjs/common';
import { PresenceModule } from '../presence/presence.module.js';
import { ReadingsModule } from '../readings/readings.module.js';
import { OverviewController } from './overview.controller.js';
import { OverviewService } from './overview.service.js';
import { SparklineRepository } from './sparkline.repository.js';

@Module({
  imports: [PresenceModule, ReadingsModule],
  controllers: [OverviewController],
  providers: [OverviewService, SparklineRepository],
})
export class OverviewModule {}
