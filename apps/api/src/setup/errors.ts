import { DomainError } from '../common/domain-error.js';

export class SetupRefused extends DomainError {
  constructor() {
    super(
      'forbidden',
      'setup-token-invalid',
      'This setup link is not valid. Use the newest link that Hearth printed in its terminal or log; a restart prints a fresh one.',
    );
  }
}

export class SetupDone extends DomainError {
  constructor() {
    super('forbidden', 'setup-done', 'Hearth is set up already. Sign in instead.');
  }
}
