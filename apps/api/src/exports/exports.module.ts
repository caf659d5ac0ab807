import { Module } from '@nestjs/common';
import { ReadingsModule } from '../readings/readings.module.js';
import { ExportController } from './export.controller.js';
import { ExportService } from './export.service.js';

@Module({
  imports: [ReadingsModule],
  controllers: [ExportController],
  providers: [ExportService],
})
export class ExportsModule {}
