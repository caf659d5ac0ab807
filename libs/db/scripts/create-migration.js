// Writes the migration from what prisma/migrations make to what prisma/schema.prisma wants:
//   npx tsc -b libs/db && node libs/db/scripts/create-migration.js add_room_colour
// Read what it writes before you commit it. Each migration is one transaction: without BEGIN, COMMIT and CONCURRENTLY.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createTestDatabase,
  MIGRATIONS_DIR,
  schemaDifference,
  startTestServer,
} from '@hearth/db/testing';

const [name = ''] = process.argv.slice(2);
if (!/^[a-z][a-z0-9_]{0,59}$/.test(name)) {
  console.error('Usage: create-migration.js <name>, for example add_room_colour');
  process.exit(2);
}

const stopServer = await startTestServer();
try {
  const database = await createTestDatabase();
  const sql = await schemaDifference(database.url);
  await database.drop();
  if (sql === '') {
    console.log('The migrations already make what prisma/schema.prisma wants.');
  } else {
    const timestamp = new Date().toISOString().slice(0, 19).replaceAll(/\D/g, '');
    const folder = join(MIGRATIONS_DIR, `${timestamp}_${name}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'migration.sql'), `${sql}\n`);
    console.log(`Written: ${join(folder, 'migration.sql')}\n\n${sql}`);
  }
} finally {
  await stopServer();
}
