import { DomainError } from '../common/domain-error.js';

/** The series does not measure what is asked of it. `needed` says what would, in words. */
export class AggregateDoesNotFit extends DomainError {
  constructor(needed: string) {
    super('invalid', 'aggregate-does-not-fit', `This is told of ${needed} only.`, {
      errors: [{ field: 'kind', message: `is told of ${needed} only` }],
    });
  }
}

export class TooManyChanges extends DomainError {
  constructor() {
    super('invalid', 'too-many-changes', 'The series changed too often: ask for a shorter range.', {
      errors: [{ field: 'from', message: 'holds too many changes' }],
    });
  }
}
