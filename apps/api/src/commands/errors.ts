import { DomainError } from '../common/domain-error.js';

export class CommandNotFound extends DomainError {
  constructor() {
    super('not-found', 'command-not-found', 'There is no such command.');
  }
}

export class TooManyCommands extends DomainError {
  constructor(limit: number) {
    super(
      'too-many',
      'too-many-commands',
      `This device has ${limit} unfinished commands already. Wait until it has answered some.`,
      { retryAfterSeconds: 5 },
    );
  }
}

export class NotAThermostat extends DomainError {
  constructor() {
    super('conflict', 'not-a-thermostat', 'This device has no heating or cooling to control.');
  }
}
