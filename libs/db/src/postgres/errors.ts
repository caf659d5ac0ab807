/** The embedded Postgres cannot run; the message says why and what to do. */
export class EmbeddedPostgresFailed extends Error {
  override readonly name = 'EmbeddedPostgresFailed';
  readonly code = 'embedded-postgres-failed';
}
