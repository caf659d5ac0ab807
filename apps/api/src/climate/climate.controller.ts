import { Body, Controller, Param, Patch } from '@nestjs/common';
import {
  climateChangeSchema,
  commandAcceptedSchema,
  deviceIdSchema,
  type ClimateChange,
  type HomeId,
} from '@hearth/contracts';
import { z } from 'zod';
import { CurrentActor, CurrentHome, type Actor } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { ClimateService } from './climate.service.js';

const deviceParamsSchema = z.object({ id: deviceIdSchema });

@Controller('devices/:id/climate')
export class ClimateController {
  readonly #climate: ClimateService;

  constructor(climate: ClimateService) {
    this.#climate = climate;
  }

  @Patch()
  @Contract({
    summary: 'Ask a thermostat for another mode or target; the answer is the command on its way',
    params: deviceParamsSchema,
    body: climateChangeSchema,
    response: commandAcceptedSchema,
    status: 202,
  })
  async change(
    @Param() { id }: z.output<typeof deviceParamsSchema>,
    @Body() body: ClimateChange,
    @CurrentHome() homeId: HomeId,
    @CurrentActor() actor: Actor,
  ) {
    return { command: await this.#climate.change(homeId, id, body, actor) };
  }
}
