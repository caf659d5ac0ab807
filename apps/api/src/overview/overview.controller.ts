import { Controller, Get, Query } from '@nestjs/common';
import {
  homeOverviewSchema,
  latestReadingsSchema,
  overviewQuerySchema,
  type HomeId,
} from '@hearth/contracts';
import type { z } from 'zod';
import { CurrentHome } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { OverviewService } from './overview.service.js';

@Controller('home')
export class OverviewController {
  readonly #overview: OverviewService;

  constructor(overview: OverviewService) {
    this.#overview = overview;
  }

  @Get('latest')
  @Contract({
    summary: 'The newest value of every series of the home, and its age',
    response: latestReadingsSchema,
  })
  latest(@CurrentHome() homeId: HomeId) {
    return this.#overview.latest(homeId);
  }

  @Get('overview')
  @Contract({
    summary: 'The home at a glance: newest values, sparklines, and who is offline',
    query: overviewQuerySchema,
    response: homeOverviewSchema,
  })
  overview(
    @Query() { hours }: z.output<typeof overviewQuerySchema>,
    @CurrentHome() homeId: HomeId,
  ) {
    return this.#overview.overview(homeId, hours);
  }
}
