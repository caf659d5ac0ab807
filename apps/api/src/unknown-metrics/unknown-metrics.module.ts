import { Module } from '@nestjs/common';
import { IngestModule } from '../ingest/ingest.module.js';
import { ReadingsModule } from '../readings/readings.module.js';
import { UnknownMetricRepository } from './unknown-metric.repository.js';
import { UnknownMetricsController } from './unknown-metrics.controller.js';
import { UnknownMetricsService } from './unknown-metrics.service.js';

@Module({
  imports: [IngestModule, ReadingsModule],
  controllers: [UnknownMetricsController],
  providers: [UnknownMetricRepository, UnknownMetricsService],
})
export class UnknownMetricsModule {}
