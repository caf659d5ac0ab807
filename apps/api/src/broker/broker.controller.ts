import { Controller, Get } from '@nestjs/common';
import { brokerStatsSchema } from '@hearth/contracts';
import { z } from 'zod';
import { Roles } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { toBrokerStats } from './broker-stats.js';
import { BrokerService } from './broker.service.js';
import { RefusalService } from './refusal.service.js';

const refusalSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('connect'),
    atMs: z.number(),
    username: z.string().optional(),
    clientId: z.string().optional(),
    address: z.string(),
    reason: z.string(),
  }),
  z.object({
    type: z.enum(['publish', 'subscribe', 'will']),
    atMs: z.number(),
    username: z.string(),
    clientId: z.string(),
    topic: z.string(),
  }),
]);

@Controller('broker')
export class BrokerController {
  readonly #broker: BrokerService;
  readonly #refusals: RefusalService;

  constructor(broker: BrokerService, refusals: RefusalService) {
    this.#broker = broker;
    this.#refusals = refusals;
  }

  @Get('stats')
  @Contract({ summary: "The broker's counters", response: brokerStatsSchema })
  stats() {
    return toBrokerStats(this.#broker.stats());
  }

  @Get('refusals')
  @Roles('owner', 'member')
  @Contract({
    summary: 'Who was turned away at the broker lately, and from what',
    response: z.object({ items: z.array(refusalSchema) }),
  })
  refusals() {
    return { items: this.#refusals.list() };
  }
}
