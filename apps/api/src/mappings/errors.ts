import { DomainError } from '../common/domain-error.js';
import { InvalidInput } from '../common/errors.js';

export class MappingNotFound extends DomainError {
  constructor() {
    super('not-found', 'mapping-not-found', 'There is no such mapping.');
  }
}

export class MappingExists extends DomainError {
  constructor(filter: string, cause?: unknown) {
    super(
      'conflict',
      'mapping-exists',
      `There is a mapping for the topics of "${filter}" already.`,
      {
        cause,
      },
    );
  }
}

export class TooManyMappings extends DomainError {
  constructor(limit: number) {
    super('conflict', 'too-many-mappings', `A home has at most ${limit} mappings.`);
  }
}

export class InvalidMapping extends InvalidInput {}

export class AdoptionUnfinished extends DomainError {
  constructor() {
    super(
      'unavailable',
      'adoption-unfinished',
      'The database takes too long. Nothing is lost: adopt again in a moment.',
      { retryAfterSeconds: 10 },
    );
  }
}
