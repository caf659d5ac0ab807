import { Module } from '@nestjs/common';
import { IngestModule } from '../ingest/ingest.module.js';
import { DeviceClockController } from './device-clock.controller.js';
import { DeviceClockRepository } from './device-clock.repository.js';
import { DeviceClocks } from './device-clocks.service.js';

@Module({
  imports: [IngestModule],
  controllers: [DeviceClockController],
  providers: [DeviceClockRepository, DeviceClocks],
  exports: [DeviceClocks],
})
export class ClocksModule {}
