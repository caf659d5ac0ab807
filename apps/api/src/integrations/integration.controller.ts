import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import {
  integrationCreateSchema,
  integrationSchema,
  integrationWithPasswordSchema,
  type HomeId,
} from '@hearth/contracts';
import { z } from 'zod';
import { CurrentActor, CurrentHome, Roles, type Actor } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { IntegrationService } from './integration.service.js';

const integrationParamsSchema = z.object({ id: z.uuid() });

@Controller('integrations')
export class IntegrationController {
  readonly #integrations: IntegrationService;

  constructor(integrations: IntegrationService) {
    this.#integrations = integrations;
  }

  @Get()
  @Roles('owner', 'member')
  @Contract({
    summary: 'List the integrations and the topics that they may use',
    response: z.object({ items: z.array(integrationSchema) }),
  })
  async list(@CurrentHome() homeId: HomeId) {
    return { items: await this.#integrations.list(homeId) };
  }

  @Post()
  @Roles('owner')
  @Contract({
    summary: 'Add an integration; a password that Hearth made is shown this once',
    body: integrationCreateSchema,
    response: integrationWithPasswordSchema,
    status: 201,
  })
  create(
    @Body() body: z.output<typeof integrationCreateSchema>,
    @CurrentHome() homeId: HomeId,
    @CurrentActor() actor: Actor,
  ) {
    return this.#integrations.create(homeId, body, actor);
  }

  @Delete(':id')
  @Roles('owner')
  @Contract({
    summary: 'Remove an integration and end its connections',
    params: integrationParamsSchema,
  })
  remove(
    @Param() { id }: z.output<typeof integrationParamsSchema>,
    @CurrentHome() homeId: HomeId,
    @CurrentActor() actor: Actor,
  ) {
    return this.#integrations.remove(homeId, id, actor);
  }
}
