import { Module } from '@nestjs/common';
import { BrokerModule } from '../broker/broker.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { CommandCourier } from './command-courier.js';
import { CommandController } from './command.controller.js';
import { CommandRepository } from './command.repository.js';
import { CommandService } from './command.service.js';

@Module({
  imports: [BrokerModule, PresenceModule],
  controllers: [CommandController],
  providers: [CommandCourier, CommandRepository, CommandService],
  exports: [CommandService],
})
export class CommandsModule {}
