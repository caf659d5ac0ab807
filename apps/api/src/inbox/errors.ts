import { DomainError } from '../common/domain-error.js';

export class DiscoveredTopicNotFound extends DomainError {
  constructor() {
    super('not-found', 'discovered-topic-not-found', 'There is no such discovered topic.');
  }
}
