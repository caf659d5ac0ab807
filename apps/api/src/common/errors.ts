import { DomainError, type FieldFault } from './domain-error.js';

/** A body or query of the wrong shape, or a value that cannot be followed. Names each bad field. */
export class InvalidInput extends DomainError {
  constructor(errors: readonly FieldFault[], message = 'Some fields cannot be accepted.') {
    super('invalid', 'invalid-input', message, { errors });
  }
}

export class NotSignedIn extends DomainError {
  constructor() {
    super('unauthenticated', 'not-signed-in', 'Sign in first.');
  }
}

export class NotAllowed extends DomainError {
  constructor(message = 'Your role in this home does not allow this.') {
    super('forbidden', 'not-allowed', message);
  }
}

/** No owner and no home yet. */
export class SetupNeeded extends DomainError {
  constructor() {
    super('conflict', 'setup-needed', 'Hearth is not set up yet: open the setup link first.');
  }
}
