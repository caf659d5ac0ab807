import { Body, Controller, Get, Patch } from '@nestjs/common';
import { homeChangeSchema, homeSchema, meSchema, type HomeId } from '@hearth/contracts';
import type { z } from 'zod';
import { CurrentActor, CurrentHome, Roles, type Actor } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { HomeService } from './home.service.js';

@Controller()
export class HomeController {
  readonly #homes: HomeService;

  constructor(homes: HomeService) {
    this.#homes = homes;
  }

  @Get('me')
  @Contract({ summary: 'Who is signed in, in which role, to which home', response: meSchema })
  me(@CurrentActor() actor: Actor, @CurrentHome() homeId: HomeId) {
    return this.#homes.describe(actor, homeId);
  }

  @Patch('home')
  @Roles('owner')
  @Contract({
    summary: 'Change name, time zone or units',
    body: homeChangeSchema,
    response: homeSchema,
  })
  change(
    @Body() body: z.output<typeof homeChangeSchema>,
    @CurrentActor() actor: Actor,
    @CurrentHome() homeId: HomeId,
  ) {
    return this.#homes.change(homeId, body, actor);
  }
}
