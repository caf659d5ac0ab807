import { DatabaseUnusable, MigrationFailed } from '@hearth/db';

/** What to tell whoever started us with this database; undefined when the error is about something else. */
export function explainDatabaseFailure(error: unknown): string | undefined {
  return error instanceof DatabaseUnusable || error instanceof MigrationFailed
    ? error.message
    : undefined;
}
