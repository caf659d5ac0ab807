import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { CLOCK, type Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.js';
import { Retention } from '../retention/retention.js';
import { DiscoveredMessageRepository } from './discovered-message.repository.js';

/** Whoever adopts a topic does so within days; older messages would be readings nobody expects. */
const KEEP_DAYS = 7;

@Injectable()
export class DiscoveredMessageRetention extends Retention {
  constructor(
    messages: DiscoveredMessageRepository,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(
      {
        name: 'discovered messages',
        keepMs: KEEP_DAYS * 24 * 3_600_000,
        prune: (beforeMs, limit) => messages.removeBefore(beforeMs, limit),
      },
      clock,
      logger,
    );
  }
}
