import { Module } from '@nestjs/common';
import { HomesModule } from '../homes/homes.module.js';
import { ReadingsModule } from '../readings/readings.module.js';
import { HorizonsModule } from '../retention/horizons.module.js';
import { AggregateController } from './aggregate.controller.js';
import { AggregateService } from './aggregate.service.js';
import { CourseService } from './course.service.js';

@Module({
  imports: [HomesModule, HorizonsModule, ReadingsModule],
  controllers: [AggregateController],
  providers: [AggregateService, CourseService],
})
export class AggregatesModule {}
