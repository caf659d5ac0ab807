import { DomainError } from '../common/domain-error.js';

export class UnitIsSaid extends DomainError {
  constructor(unit: string) {
    super('conflict', 'unit-is-said', `This is kept in ${unit} already.`);
  }
}

export class HasNoUnit extends DomainError {
  constructor() {
    super(
      'invalid',
      'has-no-unit',
      'Only numbers of a metric that Hearth does not know take a unit.',
    );
  }
}
