import { DomainError } from '../common/domain-error.js';

export class IntegrationNotFound extends DomainError {
  constructor() {
    super('not-found', 'integration-not-found', 'There is no such integration.');
  }
}

export class TooManyIntegrations extends DomainError {
  constructor(limit: number) {
    super('conflict', 'too-many-integrations', `A home has at most ${limit} integrations.`);
  }
}
