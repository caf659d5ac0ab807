import { DomainError } from '../common/domain-error.js';

/** Devices and integrations share one name space: both are MQTT user names. */
export class UsernameTaken extends DomainError {
  constructor(username: string) {
    super(
      'conflict',
      'username-taken',
      `"${username}" is in use already, by a device or an integration.`,
    );
  }
}

export class DeviceNotFound extends DomainError {
  constructor() {
    super('not-found', 'device-not-found', 'There is no such device.');
  }
}
