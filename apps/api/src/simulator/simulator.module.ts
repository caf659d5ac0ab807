import { Module } from '@nestjs/common';
import { BrokerModule } from '../broker/broker.module.js';
import { CommandsModule } from '../commands/commands.module.js';
import { DevicesModule } from '../devices/devices.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { SimulatorRunner } from './simulator-runner.js';
import { SimulatorController } from './simulator.controller.js';
import { SimulatorService } from './simulator.service.js';

@Module({
  imports: [BrokerModule, CommandsModule, DevicesModule, PresenceModule],
  controllers: [SimulatorController],
  providers: [SimulatorRunner, SimulatorService],
})
export class SimulatorModule {}
