import { DomainError } from '../common/domain-error.js';

export class SeriesNotFound extends DomainError {
  constructor() {
    super('not-found', 'series-not-found', 'There is no such series.');
  }
}

export class TooBusy extends DomainError {
  constructor() {
    super('unavailable', 'too-busy', 'Too many histories are being read: try again in a moment.', {
      retryAfterSeconds: 2,
    });
  }
}
