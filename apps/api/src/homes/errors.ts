import { DomainError } from '../common/domain-error.js';

export class RoomNotFound extends DomainError {
  constructor() {
    super('not-found', 'room-not-found', 'There is no such room.');
  }
}

export class RoomNameTaken extends DomainError {
  constructor(name: string, cause?: unknown) {
    super('conflict', 'room-name-taken', `There is a room "${name}" already.`, { cause });
  }
}

export class TooManyRooms extends DomainError {
  constructor(limit: number) {
    super('conflict', 'too-many-rooms', `A home has at most ${limit} rooms.`);
  }
}
