import { DomainError } from '../common/domain-error.js';

export class SeriesNotFound extends DomainError {
  constructor() {
    super('not-found', 'series-not-found', 'There is no such series.');
  }
}

export class TooBusy extends DomainError {
  constructor() {
    super('unavailable', 'too-busy', 'Too many histories are being read: try again in a moment.', {
      retryAfterSeconds: 2,
    });
  }
}

/** The bytes of a packed day are not what was written. */
export class DamagedPage extends DomainError {
  readonly seriesId: number;
  readonly dayMs: number;

  constructor(seriesId: number, dayMs: number, cause: unknown) {
    const day = new Date(dayMs).toISOString().slice(0, 10);
    super(
      'damaged',
      'damaged-page',
      `The readings of series ${seriesId} on ${day} are damaged where they are stored, and cannot be read.`,
      { cause },
    );
    this.seriesId = seriesId;
    this.dayMs = dayMs;
  }
}
