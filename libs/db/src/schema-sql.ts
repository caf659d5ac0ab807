// The SQL that prisma/schema.prisma alone would make: for the test that it and the migrations agree.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { NO_FILTERS, withSchemaEngine } from './schema-engine.js';

const SCHEMA_FILE = fileURLToPath(new URL('../../../prisma/schema.prisma', import.meta.url));

/**
 * Statements from an empty database to the schema. The engine cannot describe a database that has partitions through the driver
 * adapter (a column of type "char"), so migrations are not diffed against it: a test makes both databases and compares them.
 */
export async function schemaSql(databaseUrl: string): Promise<string> {
  const schema = { path: SCHEMA_FILE, content: await readFile(SCHEMA_FILE, 'utf8') };
  const result = await withSchemaEngine(databaseUrl, (engine) =>
    engine.diff({
      from: { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files: [schema] },
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
    }),
  );
  return result.stdout ?? '';
}
