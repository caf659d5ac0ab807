import { Controller, Get, Param, Query } from '@nestjs/common';
import { historyQuerySchema, historySchema, seriesIdSchema, type HomeId } from '@hearth/contracts';
import { z } from 'zod';
import { CurrentHome } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { HistoryService } from './history.service.js';

const seriesParamsSchema = z.object({ id: seriesIdSchema });

@Controller('series')
export class HistoryController {
  readonly #history: HistoryService;

  constructor(history: HistoryService) {
    this.#history = history;
  }

  @Get(':id/history')
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
}
