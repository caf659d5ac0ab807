/** Postgres cannot be used, or did not answer within the time that a start waits for it. */
export class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable';

  constructor(url: string, cause: unknown) {
    const { host, pathname } = new URL(url);
    super(
      `Postgres at ${host}${pathname} cannot be used: ${reasonOf(cause)}. Check DATABASE_URL.`,
      {
        cause,
      },
    );
  }
}

/** What a server that is still starting, or a network that is not up yet, answers. */
const NOT_READY: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  '57P03', // cannot_connect_now
]);

/** SQLSTATE classes of refusals that concern the address: authorisation, catalogue, resources, operator. */
const REFUSED = /^(28|3D|53|57|08)/;

/** True when trying again in a moment may help. */
export function isNotReadyYet(error: unknown): boolean {
  return NOT_READY.has(codeOf(error));
}

/** True when the server refused us or is not there; other errors are not about the address. */
export function isConnectionFailure(error: unknown): boolean {
  return isNotReadyYet(error) || REFUSED.test(codeOf(error));
}

function codeOf(error: unknown): string {
  // Node tries all addresses of a name, and gathers the failures.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && 'code' in first ? String(first.code) : '';
}

function reasonOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && first.message !== '' ? first.message : 'no answer';
}
