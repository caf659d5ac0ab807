// Errors that a caller can do something about. Services throw them and know nothing of HTTP;
// problem.filter.ts turns the kind into a status.

export type DomainErrorKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'invalid'
  | 'too-many'
  | 'unavailable'
  | 'damaged';

/** One bad field of a body or query; `field` is a dotted path, empty for the whole. */
export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

interface Details {
  /** Each bad field, for kind `invalid`. */
  readonly errors?: readonly FieldFault[];
  /** For kinds `too-many` and `unavailable`. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** Extend it with a class named for the fact. `code` is kebab-case and part of the API; `message` is shown to people. */
export class DomainError extends Error {
  readonly kind: DomainErrorKind;
  readonly code: string;
  readonly errors: readonly FieldFault[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(kind: DomainErrorKind, code: string, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.name = new.target.name;
    this.kind = kind;
    this.code = code;
    this.errors = details.errors;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}
