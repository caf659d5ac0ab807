import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { CLOCK, type Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.js';
import { Retention } from '../retention/retention.js';
import { DeadLetterRepository } from './dead-letter.repository.js';
import { KEEP_LETTERS_DAYS, ROOM_OF_ALL, ROOM_OF_SENDER } from './letter-bounds.js';

@Injectable()
export class DeadLetterRetention extends Retention {
  constructor(
    letters: DeadLetterRepository,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(
      {
        name: 'dead letters',
        keepMs: KEEP_LETTERS_DAYS * 24 * 3_600_000,
        prune: async (beforeMs, limit) => {
          const old = await letters.removeBefore(beforeMs, limit);
          if (old === limit) return old;
          await letters.pruneSenders(ROOM_OF_SENDER);
          await letters.pruneAll(ROOM_OF_ALL);
          return old;
        },
      },
      clock,
      logger,
    );
  }
}
