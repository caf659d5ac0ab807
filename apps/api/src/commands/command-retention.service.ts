import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { CLOCK, type Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.js';
import { Retention } from '../retention/retention.js';
import { CommandRepository } from './command.repository.js';

/** A year and a bit: who turned the heating up last winter can be looked up. */
const KEEP_COMMANDS_MS = 400 * 24 * 3_600_000;

@Injectable()
export class CommandRetention extends Retention {
  constructor(
    repository: CommandRepository,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    const prune = (beforeMs: number, limit: number) => repository.prune(beforeMs, limit);
    super({ name: 'commands', keepMs: KEEP_COMMANDS_MS, prune }, clock, logger);
  }
}
