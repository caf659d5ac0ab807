import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import {
  deadLetterFilterSchema,
  deadLetterGroupsSchema,
  deadLetterIdSchema,
  deadLetterSchema,
  pageOf,
  pageQuerySchema,
  wholeDeadLetterSchema,
  type HomeId,
} from '@hearth/contracts';
import { z } from 'zod';
import { CurrentActor, CurrentHome, Roles, type Actor } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { DeadLetterService } from './dead-letter.service.js';

const listQuerySchema = deadLetterFilterSchema.extend({
  /** The id of the last letter of the page before. */
  cursor: deadLetterIdSchema.optional(),
  limit: pageQuerySchema.shape.limit,
});
const letterParamsSchema = z.object({ id: deadLetterIdSchema });

@Controller('dead-letters')
export class DeadLetterController {
  readonly #letters: DeadLetterService;

  constructor(letters: DeadLetterService) {
    this.#letters = letters;
  }

  @Get()
  @Contract({
    summary: 'Messages that were refused, with the reason; newest first',
    query: listQuerySchema,
    response: pageOf(deadLetterSchema),
  })
  list(
    @Query() { cursor, limit, ...filter }: z.output<typeof listQuerySchema>,
    @CurrentHome() homeId: HomeId,
  ) {
    return this.#letters.list(homeId, filter, cursor, limit);
  }

  @Get('groups')
  @Contract({
    summary: 'Refused messages by sender and reason, that with the newest message first',
    query: deadLetterFilterSchema,
    response: deadLetterGroupsSchema,
  })
  listGroups(
    @Query() filter: z.output<typeof deadLetterFilterSchema>,
    @CurrentHome() homeId: HomeId,
  ) {
    return this.#letters.listGroups(homeId, filter);
  }

  @Get(':id')
  @Contract({
    summary: 'A refused message with all bytes that are kept of it',
    params: letterParamsSchema,
    response: wholeDeadLetterSchema,
  })
  get(@Param() { id }: z.output<typeof letterParamsSchema>, @CurrentHome() homeId: HomeId) {
    return this.#letters.get(homeId, id);
  }

  @Delete(':id')
  @Roles('owner', 'member')
  @Contract({ summary: 'Remove a refused message', params: letterParamsSchema, status: 204 })
  remove(
    @Param() { id }: z.output<typeof letterParamsSchema>,
    @CurrentActor() actor: Actor,
    @CurrentHome() homeId: HomeId,
  ) {
    return this.#letters.removeOne(homeId, actor, id);
  }

  @Delete()
  @Roles('owner', 'member')
  @Contract({
    summary: 'Remove all refused messages that match; at least one condition is needed',
    query: deadLetterFilterSchema,
    response: z.object({ removed: z.number().int() }),
  })
  async removeMatching(
    @Query() filter: z.output<typeof deadLetterFilterSchema>,
    @CurrentActor() actor: Actor,
    @CurrentHome() homeId: HomeId,
  ) {
    return { removed: await this.#letters.removeMatching(homeId, actor, filter) };
  }
}
