import { Module } from '@nestjs/common';
import { Turns } from '../common/turns.js';
import { HomesModule } from '../homes/homes.module.js';
import { DeviceInfoService } from './device-info.service.js';
import { CLIMATE_SOURCE, PRESENCE_SOURCE, SERIES_SOURCE } from './device-sources.js';
import { DeviceView } from './device-view.service.js';
import { DeviceController } from './device.controller.js';
import { DeviceRepository } from './device.repository.js';
import { DeviceService } from './device.service.js';
import { ForgottenReadingsRepository } from './forgotten-readings.repository.js';
import { ForgottenReadings } from './forgotten-readings.service.js';
import { ProvisionService } from './provision.service.js';

@Module({
  imports: [HomesModule],
  controllers: [DeviceController],
  providers: [
    DeviceInfoService,
    DeviceRepository,
    DeviceService,
    DeviceView,
    ForgottenReadings,
    ForgottenReadingsRepository,
    ProvisionService,
    Turns,
    { provide: SERIES_SOURCE, useValue: { forDevice: () => [] } },
    { provide: PRESENCE_SOURCE, useValue: { current: () => undefined, lastSeen: () => undefined } },
    { provide: CLIMATE_SOURCE, useValue: { forDevice: () => null } },
  ],
  exports: [DeviceService, ProvisionService],
})
export class DevicesModule {}
