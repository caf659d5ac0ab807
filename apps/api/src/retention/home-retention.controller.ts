import { Body, Controller, Get, Patch, Query } from '@nestjs/common';
import {
  homeRetentionSchema,
  retentionChangeSchema,
  retentionPreviewQuerySchema,
  retentionPreviewSchema,
  type HomeId,
} from '@hearth/contracts';
import type { z } from 'zod';
import { CurrentActor, CurrentHome, Roles, type Actor } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { HomeRetentionService } from './home-retention.service.js';

@Controller('home/retention')
export class HomeRetentionController {
  readonly #retention: HomeRetentionService;

  constructor(retention: HomeRetentionService) {
    this.#retention = retention;
  }

  @Get()
  @Contract({
    summary: 'How long history is kept, what it takes on disk now and in years',
    response: homeRetentionSchema,
  })
  read(@CurrentHome() homeId: HomeId) {
    return this.#retention.describe(homeId);
  }

  @Get('preview')
  @Contract({
    summary: 'What other times would take on disk, and what they would remove',
    query: retentionPreviewQuerySchema,
    response: retentionPreviewSchema,
  })
  preview(
    @Query() query: z.output<typeof retentionPreviewQuerySchema>,
    @CurrentHome() homeId: HomeId,
  ) {
    return this.#retention.preview(homeId, query);
  }

  @Patch()
  @Roles('owner')
  @Contract({
    summary: 'Keep history for other times; what is older is removed in the background',
    body: retentionChangeSchema,
    response: homeRetentionSchema,
  })
  change(
    @Body() body: z.output<typeof retentionChangeSchema>,
    @CurrentActor() actor: Actor,
    @CurrentHome() homeId: HomeId,
  ) {
    return this.#retention.change(homeId, body, actor);
  }
}
