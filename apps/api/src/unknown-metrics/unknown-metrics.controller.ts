import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import {
  seriesChangeSchema,
  unknownMetricsSchema,
  type HomeId,
  type SeriesChange,
} from '@hearth/contracts';
import { z } from 'zod';
import { CurrentActor, CurrentHome, Roles, type Actor } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { UnknownMetricsService } from './unknown-metrics.service.js';

const seriesParamsSchema = z.object({ id: z.coerce.number().int().min(1).max(2_147_483_647) });

@Controller()
export class UnknownMetricsController {
  readonly #metrics: UnknownMetricsService;

  constructor(metrics: UnknownMetricsService) {
    this.#metrics = metrics;
  }

  @Get('metrics/unknown')
  @Contract({
    summary:
      'Metrics that Hearth does not know, what they may be, and units that it cannot convert',
    response: unknownMetricsSchema,
  })
  list(@CurrentHome() homeId: HomeId) {
    return this.#metrics.list(homeId);
  }

  @Patch('series/:id')
  @Roles('owner', 'member')
  @Contract({
    summary: 'Say the unit of a metric that Hearth does not know, where nobody has said',
    params: seriesParamsSchema,
    body: seriesChangeSchema,
    status: 204,
  })
  async change(
    @Param() { id }: z.output<typeof seriesParamsSchema>,
    @Body() { unit }: SeriesChange,
    @CurrentActor() actor: Actor,
    @CurrentHome() homeId: HomeId,
  ) {
    await this.#metrics.setUnit(homeId, actor, id, unit);
  }
}
