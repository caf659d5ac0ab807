import { Controller, Delete, Get, Query } from '@nestjs/common';
import { discoveredTopicSchema, type HomeId } from '@hearth/contracts';
import { z } from 'zod';
import { CurrentHome, Roles } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { InboxService } from './inbox.service.js';

const topicQuerySchema = z.object({ topic: z.string().min(1).max(1_024) });

@Controller()
export class InboxController {
  readonly #inbox: InboxService;

  constructor(inbox: InboxService) {
    this.#inbox = inbox;
  }

  @Get('discovered')
  @Contract({
    summary: 'Topics that no device claims, the latest first',
    response: z.object({ items: z.array(discoveredTopicSchema) }),
  })
  async listDiscovered(@CurrentHome() homeId: HomeId) {
    return { items: await this.#inbox.listDiscovered(homeId) };
  }

  @Delete('discovered')
  @Roles('owner', 'member')
  @Contract({ summary: 'Forget a discovered topic', query: topicQuerySchema, status: 204 })
  forgetDiscovered(
    @Query() { topic }: z.output<typeof topicQuerySchema>,
    @CurrentHome() homeId: HomeId,
  ) {
    return this.#inbox.forgetDiscovered(homeId, topic);
  }
}
