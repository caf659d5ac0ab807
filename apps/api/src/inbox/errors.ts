import { DomainError } from '../common/domain-error.js';

export class DiscoveredTopicNotFound extends DomainError {
  constructor() {
    super('not-found', 'discovered-topic-not-found', 'There is no such discovered topic.');
  }
}

export class DeadLetterNotFound extends DomainError {
  constructor() {
    super('not-found', 'dead-letter-not-found', 'There is no such refused message.');
  }
}

export class FilterMissing extends DomainError {
  constructor() {
    super('invalid', 'filter-missing', 'Say which refused messages to remove.');
  }
}
