import { DomainError } from '../common/domain-error.js';

export class TooManyExports extends DomainError {
  constructor() {
    super(
      'unavailable',
      'too-many-exports',
      'Other exports are running: try again when one is done.',
      {
        retryAfterSeconds: 30,
      },
    );
  }
}
