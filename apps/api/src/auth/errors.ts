import { DomainError } from '../common/domain-error.js';

export class WrongCredentials extends DomainError {
  constructor(cause?: unknown) {
    super('unauthenticated', 'wrong-credentials', 'Email or password is wrong.', { cause });
  }
}

export class TooManyAttempts extends DomainError {
  constructor(retryAfterMs: number) {
    const seconds = Math.ceil(retryAfterMs / 1_000);
    super('too-many', 'too-many-attempts', `Too many attempts. Try again in ${seconds} seconds.`, {
      retryAfterSeconds: seconds,
    });
  }
}

export class ForeignOrigin extends DomainError {
  constructor() {
    super('forbidden', 'foreign-origin', 'This request came from another site and was refused.');
  }
}

export class SignInBusy extends DomainError {
  constructor(cause: unknown) {
    super('unavailable', 'busy', 'Too many people sign in at this moment. Try again.', {
      retryAfterSeconds: 1,
      cause,
    });
  }
}
