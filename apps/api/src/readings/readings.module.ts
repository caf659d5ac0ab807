import { Module } from '@nestjs/common';
import { IngestModule } from '../ingest/ingest.module.js';
import { HistoryController } from './history.controller.js';
import { HistoryRepository } from './history.repository.js';
import { HistoryService } from './history.service.js';
import { LatestReadings } from './latest-readings.js';

@Module({
  imports: [IngestModule],
  controllers: [HistoryController],
  providers: [HistoryRepository, HistoryService, LatestReadings],
  exports: [LatestReadings],
})
export class ReadingsModule {}
