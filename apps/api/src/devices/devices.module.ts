import { Module } from '@nestjs/common';
import { BrokerModule } from '../broker/broker.module.js';
import { ClimateModule } from '../climate/climate.module.js';
import { ClocksModule } from '../clocks/clocks.module.js';
import { Turns } from '../common/turns.js';
import { HomesModule } from '../homes/homes.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { ReadingsModule } from '../readings/readings.module.js';
import { DeviceInfoService } from './device-info.service.js';
import { DeviceView } from './device-view.service.js';
import { DeviceController } from './device.controller.js';
import { DeviceRepository } from './device.repository.js';
import { DeviceService } from './device.service.js';
import { ForgottenReadingsRepository } from './forgotten-readings.repository.js';
import { ForgottenReadings } from './forgotten-readings.service.js';
import { ProvisionService } from './provision.service.js';

@Module({
  imports: [BrokerModule, ClimateModule, ClocksModule, HomesModule, PresenceModule, ReadingsModule],
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
  ],
  exports: [DeviceService, ProvisionService],
})
export class DevicesModule {}
