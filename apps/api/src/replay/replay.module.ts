import { Module } from '@nestjs/common';
import { IngestModule } from '../ingest/ingest.module.js';
import { ReadingsModule } from '../readings/readings.module.js';
import { ReplayController } from './replay.controller.js';
import { ReplayRepository } from './replay.repository.js';
import { ReplayService } from './replay.service.js';

@Module({
  imports: [IngestModule, ReadingsModule],
  controllers: [ReplayController],
  providers: [ReplayRepository, ReplayService],
})
export class ReplayModule {}
