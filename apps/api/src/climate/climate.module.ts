import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { ClimateController } from './climate.controller.js';
import { ClimateRepository } from './climate.repository.js';
import { ClimateService } from './climate.service.js';

@Module({
  imports: [CommandsModule],
  controllers: [ClimateController],
  providers: [ClimateRepository, ClimateService],
  exports: [ClimateService],
})
export class ClimateModule {}
