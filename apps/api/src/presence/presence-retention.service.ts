import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { CLOCK, type Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.js';
import { Retention } from '../retention/retention.js';
import { PresenceRepository } from './presence.repository.js';

/** A year and a bit: this winter can be compared with the last. */
const KEEP_CHANGES_MS = 400 * 24 * 3_600_000;

@Injectable()
export class PresenceRetention extends Retention {
  constructor(
    repository: PresenceRepository,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    const prune = (beforeMs: number, limit: number) => repository.prune(beforeMs, limit);
    super({ name: 'presence changes', keepMs: KEEP_CHANGES_MS, prune }, clock, logger);
  }
}
