import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import {
  adoptionResultSchema,
  adoptionSchema,
  mappingChangeSchema,
  mappingDraftSchema,
  mappingIdSchema,
  mappingSchema,
  mappingTestSchema,
  mappingTrialsSchema,
  type Adoption,
  type HomeId,
  type MappingChange,
  type MappingDraft,
  type MappingTest,
} from '@hearth/contracts';
import { z } from 'zod';
import { CurrentActor, CurrentHome, Roles, type Actor } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { AdoptionService } from './adoption.service.js';
import { MappingService } from './mapping.service.js';
import { TrialService } from './trial.service.js';

const mappingParamsSchema = z.object({ id: mappingIdSchema });
type MappingParams = z.output<typeof mappingParamsSchema>;

@Controller()
export class MappingController {
  readonly #mappings: MappingService;
  readonly #trials: TrialService;
  readonly #adoptions: AdoptionService;

  constructor(mappings: MappingService, trials: TrialService, adoptions: AdoptionService) {
    this.#mappings = mappings;
    this.#trials = trials;
    this.#adoptions = adoptions;
  }

  @Get('mappings')
  @Contract({
    summary: 'Topic mappings: what messages on the topics of others mean',
    response: z.object({ items: z.array(mappingSchema) }),
  })
  async list(@CurrentHome() homeId: HomeId) {
    return { items: await this.#mappings.list(homeId) };
  }

  @Post('mappings')
  @Roles('owner', 'member')
  @Contract({
    summary: 'Add a topic mapping; of several that match a topic the most specific counts',
    body: mappingDraftSchema,
    response: mappingSchema,
    status: 201,
  })
  create(@Body() draft: MappingDraft, @CurrentHome() homeId: HomeId, @CurrentActor() actor: Actor) {
    return this.#mappings.create(homeId, draft, actor);
  }

  @Post('mappings/test')
  @Roles('owner', 'member')
  @Contract({
    summary: 'What a mapping would make of the last messages; nothing is saved',
    body: mappingTestSchema,
    response: mappingTrialsSchema,
  })
  async test(@Body() test: MappingTest, @CurrentHome() homeId: HomeId) {
    return { items: await this.#trials.test(homeId, test) };
  }

  @Patch('mappings/:id')
  @Roles('owner', 'member')
  @Contract({
    summary: 'Change a topic mapping',
    params: mappingParamsSchema,
    body: mappingChangeSchema,
    response: mappingSchema,
  })
  change(
    @Param() { id }: MappingParams,
    @Body() change: MappingChange,
    @CurrentHome() homeId: HomeId,
    @CurrentActor() actor: Actor,
  ) {
    return this.#mappings.change(homeId, id, change, actor);
  }

  @Delete('mappings/:id')
  @Roles('owner', 'member')
  @Contract({
    summary: 'Remove a topic mapping; readings made by it stay',
    params: mappingParamsSchema,
    status: 204,
  })
  remove(
    @Param() { id }: MappingParams,
    @CurrentHome() homeId: HomeId,
    @CurrentActor() actor: Actor,
  ) {
    return this.#mappings.remove(homeId, id, actor);
  }

  @Post('discovered/adopt')
  @Roles('owner', 'member')
  @Contract({
    summary: 'Make discovered topics metrics of a device; what is kept of them becomes readings',
    body: adoptionSchema,
    response: adoptionResultSchema,
  })
  adopt(@Body() adoption: Adoption, @CurrentHome() homeId: HomeId, @CurrentActor() actor: Actor) {
    return this.#adoptions.adopt(homeId, adoption, actor);
  }
}
