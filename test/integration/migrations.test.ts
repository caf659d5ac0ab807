// prisma/schema.prisma and prisma/migrations say the same, and migrating is safe to repeat and to do twice at once.
import {
  checkServer,
  createDatabase,
  ensurePartitions,
  migrate,
  schemaSql,
  type Database,
} from '@hearth/db';
import { createTestDatabase, type TestDatabase } from '@hearth/db/testing';

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

/** Every column, index and constraint of the public schema, partitions aside. */
async function describeSchema(): Promise<unknown[]> {
  const { rows } = await connection.pool.query(`
    with tables as (
      select c.oid, c.relname from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and not c.relispartition and c.relname <> '_prisma_migrations')
    select 'column' as what, t.relname as of, a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || case when a.attnotnull then ' not null' else '' end
        || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as said
      from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
    union all
    select 'index', t.relname, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
      from tables t join pg_index i on i.indrelid = t.oid
    union all
    select 'constraint', t.relname, c.conname || ' ' || pg_get_constraintdef(c.oid)
      from tables t join pg_constraint c on c.conrelid = t.oid and c.contype <> 'n'
    union all
    select 'enum', y.typname, string_agg(e.enumlabel, ',' order by e.enumsortorder)
      from pg_type y join pg_enum e on e.enumtypid = y.oid
      where y.typnamespace = 'public'::regnamespace group by y.typname
    order by 1, 2, 3`);
  return rows;
}

describe('migrations', () => {
  it('make exactly what prisma/schema.prisma describes', async () => {
    const migrated = await describeSchema();
    await connection.pool.query('drop schema public cascade; create schema public');
    await connection.pool.query(await schemaSql(database.url));
    expect(migrated.length).toBeGreaterThan(50);
    expect(migrated).toEqual(await describeSchema());
  });

  it('apply once, whoever asks and however often', async () => {
    await connection.pool.query('drop schema public cascade; create schema public');
    const applied = await Promise.all([migrate(database.url), migrate(database.url)]);
    expect(applied.flat()).toHaveLength(new Set(applied.flat()).size);
    expect(applied.flat()).not.toHaveLength(0);
    expect(await migrate(database.url)).toEqual([]);
  });

  it('run on a server that is new enough', async () => {
    await expect(checkServer(connection, 0)).resolves.toBeUndefined();
  });
});

describe(ensurePartitions.name, () => {
  it('makes a partition for every month of the range, once', async () => {
    const from = Date.UTC(2017, 2, 8);
    const to = Date.UTC(2017, 5, 6);
    expect(await ensurePartitions(connection.pool, from, to)).toBe(4);
    expect(await ensurePartitions(connection.pool, from, to)).toBe(0);
    await connection.pool.query('insert into reading values (1, $1, 20.5)', [new Date(from)]);
    const { rows } = await connection.pool.query(
      'select count(*)::int as rows from reading_2017_03',
    );
    expect(rows).toEqual([{ rows: 1 }]);
  });

  it('leaves a month alone whose rows lie in the default partition', async () => {
    const at = Date.UTC(2001, 1, 3);
    await connection.pool.query('insert into reading values (1, $1, 20.5)', [new Date(at)]);
    expect(await ensurePartitions(connection.pool, at, at)).toBe(0);
    const { rows } = await connection.pool.query('select count(*)::int as rows from reading');
    expect(rows).toEqual([{ rows: 1 }]);
  });
});
