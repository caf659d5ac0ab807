import type { DeviceId } from '@hearth/contracts';
import { DomainError } from '../common/domain-error.js';
import { InvalidInput } from '../common/errors.js';

export { DeviceNotFound } from '../directory/errors.js';

export class TooManyDevices extends DomainError {
  constructor(limit: number) {
    super('conflict', 'too-many-devices', `A home has at most ${limit} devices.`);
  }
}

export class UnknownRoom extends InvalidInput {
  constructor() {
    super([{ field: 'roomId', message: 'there is no such room' }]);
  }
}

/** A simulator asked to be a device that somebody registered by hand. */
export class NotSimulated extends DomainError {
  constructor(id: DeviceId) {
    super(
      'conflict',
      'not-simulated',
      `"${id}" is a real device; a simulator cannot take its place.`,
    );
  }
}
