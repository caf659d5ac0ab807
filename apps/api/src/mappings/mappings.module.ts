import { Module } from '@nestjs/common';
import { DevicesModule } from '../devices/devices.module.js';
import { InboxModule } from '../inbox/inbox.module.js';
import { IngestModule } from '../ingest/ingest.module.js';
import { AdoptionService } from './adoption.service.js';
import { MadeDeviceService } from './made-device.service.js';
import { MappingController } from './mapping.controller.js';
import { MappingRepository } from './mapping.repository.js';
import { MappingService } from './mapping.service.js';
import { TrialRepository } from './trial.repository.js';
import { TrialService } from './trial.service.js';

@Module({
  imports: [DevicesModule, InboxModule, IngestModule],
  controllers: [MappingController],
  providers: [
    AdoptionService,
    MadeDeviceService,
    MappingRepository,
    MappingService,
    TrialRepository,
    TrialService,
  ],
})
export class MappingsModule {}
