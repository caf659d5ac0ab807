// What a database lacks of prisma/schema.prisma: for new migrations, and for the test that there is nothing left to migrate.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { NO_FILTERS, withSchemaEngine } from './schema-engine.js';

const SCHEMA_FILE = fileURLToPath(new URL('../../../prisma/schema.prisma', import.meta.url));
const NOTHING = '-- This is an empty migration.';

/**
 * The SQL that brings a migrated database to `schema` (the text of prisma/schema.prisma unless given); empty for none.
 * How `reading` is partitioned is no part of the schema: the engine takes it for a table and never looks at its partitions.
 */
export async function schemaDifference(databaseUrl: string, schema?: string): Promise<string> {
  const content = schema ?? (await readFile(SCHEMA_FILE, 'utf8'));
  const files = [{ path: SCHEMA_FILE, content }];
  const { stdout } = await withSchemaEngine(databaseUrl, (engine) =>
    engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: '' },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
    }),
  );
  const sql = (stdout ?? '').trim();
  return sql === NOTHING ? '' : sql;
}
