import { Controller, Delete, Get, Query } from '@nestjs/common';
import {
  deadLetterSchema,
  deviceIdSchema,
  discoveredTopicSchema,
  pageOf,
  pageQuerySchema,
  type HomeId,
} from '@hearth/contracts';
import { z } from 'zod';
import { CurrentHome, Roles } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { InboxService } from './inbox.service.js';

const deadLetterQuerySchema = pageQuerySchema.extend({
  deviceId: deviceIdSchema.optional(),
  /** The id of the last letter of the page before. */
  cursor: z
    .string()
    .regex(/^\d{1,18}$/, 'is no cursor of a page before')
    .transform(BigInt)
    .optional(),
});
const topicQuerySchema = z.object({ topic: z.string().min(1).max(1_024) });

@Controller()
export class InboxController {
  readonly #inbox: InboxService;

  constructor(inbox: InboxService) {
    this.#inbox = inbox;
  }

  @Get('dead-letters')
  @Contract({
    summary: 'Messages that were refused, with the reason; newest first',
    query: deadLetterQuerySchema,
    response: pageOf(deadLetterSchema),
  })
  listDeadLetters(
    @Query() { deviceId, cursor, limit }: z.output<typeof deadLetterQuerySchema>,
    @CurrentHome() homeId: HomeId,
  ) {
    return this.#inbox.listDeadLetters(homeId, deviceId, cursor, limit);
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
