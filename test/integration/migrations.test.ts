// prisma/schema.prisma and prisma/migrations say the same, and migrating is safe to repeat and to do twice at once.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkServer,
  createDatabase,
  ensurePartition,
  listPartitions,
  migrate,
  type Database,
} from '@hearth/db';
import { createTestDatabase, schemaDifference, type TestDatabase } from '@hearth/db/testing';

let database: TestDatabase;
let connection: Database;

beforeEach(async () => {
  database = await createTestDatabase();
  connection = await createDatabase(database.url);
});
afterEach(async () => {
  await connection.close();
  await database.drop();
});

const folder = mkdtempSync(join(tmpdir(), 'hearth-migrations-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder of migrations in Prisma's layout, made anew. */
function writeMigrations(migrations: Readonly<Record<string, string>>): string {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, sql] of Object.entries(migrations)) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'migration.sql'), sql);
  }
  writeFileSync(join(folder, 'migration_lock.toml'), 'provider = "postgresql"\n');
  return folder;
}

async function emptyDatabase(): Promise<void> {
  await connection.pool.query('drop schema public cascade; create schema public');
}

async function findTable(name: string): Promise<string | null> {
  const { rows } = await connection.pool.query<{ found: string | null }>(
    'select to_regclass($1) as found',
    [name],
  );
  return rows[0]?.found ?? null;
}

describe('migrations', () => {
  it('make exactly what prisma/schema.prisma describes', async () => {
    expect(await schemaDifference(database.url)).toBe('');
  });

  it('lack what prisma/schema.prisma has and they do not make', async () => {
    const schema = readFileSync(
      new URL('../../prisma/schema.prisma', import.meta.url),
      'utf8',
    ).replace('model Reading {', 'model Reading {\n  quality Int?');
    expect(await schemaDifference(database.url, schema)).toContain(
      'ALTER TABLE "reading" ADD COLUMN     "quality" INTEGER;',
    );
  });

  it('apply once, whoever asks and however often', async () => {
    await emptyDatabase();
    const applied = await Promise.all([migrate(database.url), migrate(database.url)]);
    expect(applied.flat()).toHaveLength(new Set(applied.flat()).size);
    expect(applied.flat()).not.toHaveLength(0);
    expect(await migrate(database.url)).toEqual([]);
  });

  it('may have semicolons where they end no statement', async () => {
    await emptyDatabase();
    const sql = `create table kept (id int); -- first; second
      do $$ begin perform 1; perform 2; end $$;
      comment on table kept is 'one; two';`;
    expect(await migrate(database.url, writeMigrations({ '1_first': sql }))).toEqual(['1_first']);
    const { rows } = await connection.pool.query(`select obj_description('kept'::regclass) as it`);
    expect(rows).toEqual([{ it: 'one; two' }]);
  });

  it('leave nothing of one that fails, name it, and go on once it is right', async () => {
    await emptyDatabase();
    const good = { '1_first': 'create table kept (id int);' };
    const bad = { ...good, '2_second': 'create table half (id int); create table kept (id int);' };
    await expect(migrate(database.url, writeMigrations(bad))).rejects.toThrow(
      /2_second failed.*"kept" already exists/,
    );
    expect([await findTable('kept'), await findTable('half')]).toEqual(['kept', null]);
    const right = { ...good, '2_second': 'create table half (id int);' };
    expect(await migrate(database.url, writeMigrations(right))).toEqual(['2_second']);
    expect(await migrate(database.url, folder)).toEqual([]);
  });

  it('refuse a database that a newer Hearth has migrated', async () => {
    await emptyDatabase();
    const old = { '1_first': 'create table kept (id int);' };
    const newer = { ...old, '2_second': 'create table more (id int);' };
    await migrate(database.url, writeMigrations(newer));
    await expect(migrate(database.url, writeMigrations(old))).rejects.toThrow(
      /newer Hearth.*2_second/,
    );
  });

  it('run on a server that is new enough', async () => {
    await expect(checkServer(connection, 0)).resolves.toBeUndefined();
  });
});

describe(ensurePartition, () => {
  const NOW = Date.UTC(2017, 5, 6, 12);
  const listed = async (): Promise<string[]> =>
    (await listPartitions(connection.pool)).map(({ name }) => name);

  it('makes one for a month that is over, and for each day after it, once', async () => {
    for (const at of ['2017-03-08', '2017-03-31', '2017-06-05', '2017-06-06', '2017-06-06']) {
      await ensurePartition(connection.pool, Date.parse(at), NOW);
    }
    expect(await listed()).toEqual(['reading_2017_03', 'reading_2017_06_05', 'reading_2017_06_06']);
    await connection.pool.query(`insert into reading values (1, '2017-03-08', 20.5)`);
    const { rows } = await connection.pool.query(
      'select count(*)::int as rows from reading_2017_03',
    );
    expect(rows).toEqual([{ rows: 1 }]);
  });

  it('makes another day where a month has days already', async () => {
    await ensurePartition(connection.pool, NOW, NOW);
    const later = NOW + 40 * 86_400_000;
    await ensurePartition(connection.pool, Date.UTC(2017, 5, 7), later);
    expect(await listed()).toContain('reading_2017_06_07');
    expect(await listed()).not.toContain('reading_2017_06');
  });

  it('does not wait for who holds the table, and makes it when it is free', async () => {
    const at = Date.UTC(2003, 4, 5);
    const reader = await connection.pool.connect();
    await reader.query('begin; lock table reading in access share mode');
    expect(await ensurePartition(connection.pool, at, NOW)).toBe(false);
    expect(await listed()).not.toContain('reading_2003_05');
    await reader.query('rollback');
    reader.release();
    expect(await ensurePartition(connection.pool, at, NOW)).toBe(true);
    expect(await listed()).toContain('reading_2003_05');
  });

  it('leaves a month alone whose rows lie in the default partition', async () => {
    const at = Date.UTC(2001, 1, 3);
    await connection.pool.query('insert into reading values (1, $1, 20.5)', [new Date(at)]);
    await ensurePartition(connection.pool, at, NOW);
    expect(await listed()).not.toContain('reading_2001_02');
    const { rows } = await connection.pool.query('select from reading where ts = $1', [
      new Date(at),
    ]);
    expect(rows).toHaveLength(1);
  });
});
