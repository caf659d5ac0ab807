// An error of the database, unwrapped: what Prisma, `pg`, Postgres and the operating system said, each in a place of its own.

/** An error is wrapped a few times at most; a ring of causes must not be walked for ever. */
const MAX_DEPTH = 5;

export interface ErrorLink {
  /** Of Prisma, of the operating system, or SQLSTATE. */
  readonly code?: unknown;
  /** SQLSTATE, where Prisma has a code of its own for it. */
  readonly originalCode?: unknown;
  readonly severity?: unknown;
  readonly message?: unknown;
}

/** The error and what caused it; empty for what is no error. */
export function errorChain(error: unknown, depth = MAX_DEPTH): ErrorLink[] {
  if (typeof error !== 'object' || error === null || depth === 0) return [];
  // Prisma tells what its driver was told in plain objects: below `cause`, or below `meta`.
  const { cause, meta, driverAdapterError } = error as Record<string, unknown>;
  return [error, ...[cause, meta, driverAdapterError].flatMap((one) => errorChain(one, depth - 1))];
}
