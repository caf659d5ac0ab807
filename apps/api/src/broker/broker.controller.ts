import { Controller, Get } from '@nestjs/common';
import { brokerStatsSchema, refusalListSchema } from '@hearth/contracts';
import { Roles } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { toBrokerStats } from './broker-stats.js';
import { BrokerService } from './broker.service.js';
import { RefusalService } from './refusal.service.js';

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
    response: refusalListSchema,
  })
  refusals() {
    return { items: this.#refusals.list() };
  }
}
