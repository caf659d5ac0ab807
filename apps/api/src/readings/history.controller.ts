import { Controller, Get, Param, Query } from '@nestjs/common';
import {
  historiesQuerySchema,
  historiesSchema,
  historyQuerySchema,
  historySchema,
  seriesIdSchema,
  type HomeId,
} from '@hearth/contracts';
import { z } from 'zod';
import { CurrentHome } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { HistoryService } from './history.service.js';

const seriesParamsSchema = z.object({ id: seriesIdSchema });

@Controller()
export class HistoryController {
  readonly #history: HistoryService;

  constructor(history: HistoryService) {
    this.#history = history;
  }

  @Get('series/:id/history')
  @Contract({
    summary:
      'Readings of a series: single ones when they are few, else buckets with minimum, maximum and mean',
    params: seriesParamsSchema,
    query: historyQuerySchema,
    response: historySchema,
  })
  read(
    @Param() { id }: z.output<typeof seriesParamsSchema>,
    @Query() query: z.output<typeof historyQuerySchema>,
    @CurrentHome() homeId: HomeId,
  ) {
    return this.#history.read(homeId, id, query);
  }

  @Get('history')
  @Contract({
    summary: 'Readings of several series, each as by itself',
    query: historiesQuerySchema,
    response: historiesSchema,
  })
  readSeveral(
    @Query() query: z.output<typeof historiesQuerySchema>,
    @CurrentHome() homeId: HomeId,
  ) {
    return this.#history.readSeveral(homeId, query.series, query);
  }
}
