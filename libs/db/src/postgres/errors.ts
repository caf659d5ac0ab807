/** The embedded Postgres cannot run; the message says why and what to do. */
export class EmbeddedPostgresFailed extends Error {
  override readonly name = 'EmbeddedPostgresFailed';
  readonly code: string = 'embedded-postgres-failed';
}

/** There is no room for the embedded Postgres to start; it can be started when there is. */
export class DiskFull extends EmbeddedPostgresFailed {
  override readonly code = 'disk-full';

  constructor(folder: string, cause: unknown) {
    super(
      `The disk of ${folder} is full. Make room on it: nothing is lost, the database starts then.`,
      { cause },
    );
  }
}
