import { Module } from '@nestjs/common';
import { IngestModule } from '../ingest/ingest.module.js';
import { HorizonsModule } from '../retention/horizons.module.js';
import { BucketRepository } from './bucket.repository.js';
import { HistoryController } from './history.controller.js';
import { HistoryRepository } from './history.repository.js';
import { HistoryService } from './history.service.js';
import { HomeSeriesRepository } from './home-series.repository.js';
import { LatestReadings } from './latest-readings.js';
import { RawReadings } from './raw-readings.repository.js';
import { SeriesRollupRepository } from './series-rollup.repository.js';
import { StateChangeRepository } from './state-change.repository.js';

@Module({
  imports: [HorizonsModule, IngestModule],
  controllers: [HistoryController],
  providers: [
    BucketRepository,
    HistoryRepository,
    HistoryService,
    HomeSeriesRepository,
    LatestReadings,
    RawReadings,
    SeriesRollupRepository,
    StateChangeRepository,
  ],
  exports: [
    BucketRepository,
    HistoryRepository,
    HomeSeriesRepository,
    LatestReadings,
    RawReadings,
    SeriesRollupRepository,
    StateChangeRepository,
  ],
})
export class ReadingsModule {}
