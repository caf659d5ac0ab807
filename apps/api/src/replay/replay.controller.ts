import { Body, Controller, Post } from '@nestjs/common';
import {
  deadLetterReplayResultSchema,
  deadLetterReplaySchema,
  type DeadLetterReplay,
  type HomeId,
} from '@hearth/contracts';
import { CurrentActor, CurrentHome, Roles, type Actor } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { ReplayService } from './replay.service.js';

@Controller('dead-letters')
export class ReplayController {
  readonly #replay: ReplayService;

  constructor(replay: ReplayService) {
    this.#replay = replay;
  }

  @Post('replay')
  @Roles('owner', 'member')
  @Contract({
    summary: 'Refused messages once more, the oldest first: readings are stored, the rest stays',
    body: deadLetterReplaySchema,
    response: deadLetterReplayResultSchema,
  })
  replay(
    @Body() request: DeadLetterReplay,
    @CurrentActor() actor: Actor,
    @CurrentHome() homeId: HomeId,
  ) {
    return this.#replay.replay(homeId, actor, request);
  }
}
