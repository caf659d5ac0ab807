import { Module } from '@nestjs/common';
import { IngestModule } from '../ingest/ingest.module.js';
import { BucketRepository } from './bucket.repository.js';
import { HistoryController } from './history.controller.js';
import { HistoryRepository } from './history.repository.js';
import { HistoryService } from './history.service.js';
import { LatestReadings } from './latest-readings.js';
import { RawReadings } from './raw-readings.repository.js';

@Module({
  imports: [IngestModule],
  controllers: [HistoryController],
  providers: [BucketRepository, HistoryRepository, HistoryService, LatestReadings, RawReadings],
  exports: [LatestReadings, RawReadings],
})
export class ReadingsModule {}
