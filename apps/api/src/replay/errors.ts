import { DomainError } from '../common/domain-error.js';

export class ReplayUnfinished extends DomainError {
  constructor() {
    super(
      'unavailable',
      'replay-unfinished',
      'The database takes too long. Nothing is lost: replay again in a moment.',
      { retryAfterSeconds: 10 },
    );
  }
}
