// The door: names only.
export { checkServer, createDatabase, DatabaseUnusable, type Database } from './database.js';
export { migrate, MigrationFailed } from './migrate.js';
export { ensurePartition, listPartitions, type Partition } from './partitions.js';
export { inSnapshot, inTransaction, readThrough, type Queries } from './transaction.js';
export { EmbeddedPostgresFailed } from './postgres/errors.js';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './postgres/embedded-postgres.js';
export { Prisma, type PrismaClient } from './generated/client.js';
export type * as Model from './generated/models.js';
