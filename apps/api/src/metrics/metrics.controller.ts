import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../auth/access.js';
import { IdentityService } from '../auth/identity.service.js';
import { Contract } from '../common/contract.js';
import { NotSignedIn } from '../common/errors.js';
import { ENV, type Env } from '../config/env.js';
import { MetricsService } from './metrics.service.js';

@Controller('metrics')
export class MetricsController {
  readonly #metrics: MetricsService;
  readonly #identities: IdentityService;
  readonly #env: Env;

  constructor(metrics: MetricsService, identities: IdentityService, @Inject(ENV) env: Env) {
    this.#metrics = metrics;
    this.#identities = identities;
    this.#env = env;
  }

  /** Public for the guard, because `HEARTH_METRICS_OPEN` decides: closed by default. */
  @Get()
  @Public()
  @Contract({ summary: 'Counters for Prometheus', contentType: 'text/plain' })
  async read(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!this.#env.metricsOpen && !(await this.#identities.identify(request.headers))) {
      throw new NotSignedIn();
    }
    await reply.header('content-type', this.#metrics.contentType).send(await this.#metrics.read());
  }
}
