import { Controller, Get, Param, Query } from '@nestjs/common';
import {
  aggregateQuerySchema,
  aggregateSchema,
  seriesIdSchema,
  type HomeId,
} from '@hearth/contracts';
import { z } from 'zod';
import { CurrentHome } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { AggregateService } from './aggregate.service.js';

const seriesParamsSchema = z.object({ id: seriesIdSchema });

@Controller('series')
export class AggregateController {
  readonly #aggregates: AggregateService;

  constructor(aggregates: AggregateService) {
    this.#aggregates = aggregates;
  }

  @Get(':id/aggregate')
  @Contract({
    summary:
      'Energy, degree hours, duty cycle or mean, minimum and maximum, by days, weeks or months of the home',
    params: seriesParamsSchema,
    query: aggregateQuerySchema,
    response: aggregateSchema,
  })
  read(
    @Param() { id }: z.output<typeof seriesParamsSchema>,
    @Query() query: z.output<typeof aggregateQuerySchema>,
    @CurrentHome() homeId: HomeId,
  ) {
    return this.#aggregates.read(homeId, id, query);
  }
}
