import { Module } from '@nestjs/common';
import { IngestModule } from '../ingest/ingest.module.js';
import { RollupsModule } from '../rollups/rollups.module.js';
import { ExpiredRepository } from './expired.repository.js';
import { Expiry } from './expiry.service.js';
import { HomeRetentionController } from './home-retention.controller.js';
import { HomeRetentionRepository } from './home-retention.repository.js';
import { HomeRetentionService } from './home-retention.service.js';
import { HorizonKeeper } from './horizon-keeper.service.js';
import { HorizonsModule } from './horizons.module.js';
import { StorageFiguresRepository } from './storage-figures.repository.js';
import { StorageGauge } from './storage-gauge.js';

@Module({
  imports: [HorizonsModule, IngestModule, RollupsModule],
  controllers: [HomeRetentionController],
  providers: [
    ExpiredRepository,
    Expiry,
    HomeRetentionRepository,
    HomeRetentionService,
    HorizonKeeper,
    StorageFiguresRepository,
    StorageGauge,
  ],
})
export class HomeRetentionModule {}
