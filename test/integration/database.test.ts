// What the api asks of a Postgres that somebody else runs.
import { createDatabase, DatabaseUnusable, checkServer } from '@hearth/db';
import { createTestDatabase, type TestDatabase } from '@hearth/db/testing';

let server: TestDatabase;
beforeAll(async () => {
  server = await createTestDatabase();
});
afterAll(() => server.drop());

async function committed(setting: string): Promise<string | undefined> {
  const name = new URL(server.url).pathname.slice(1);
  const before = await createDatabase(server.url);
  await before.pool.query(`alter database ${name} set synchronous_commit = ${setting}`);
  await before.close();
  const database = await createDatabase(server.url);
  const { rows } = await database.pool.query<{ synchronous_commit: string }>(
    'show synchronous_commit',
  );
  await database.close();
  return rows[0]?.synchronous_commit;
}

describe(createDatabase.name, () => {
  it('waits for the disk although the server is set not to', async () => {
    expect(await committed('off')).toBe('on');
  });

  it('leaves a stricter setting as it is', async () => {
    expect(await committed('remote_apply')).toBe('remote_apply');
  });
});

describe(checkServer.name, () => {
  it('names the variable to look at when nobody answers', async () => {
    const database = await createDatabase('postgres://nobody@127.0.0.1:1/none');
    await expect(checkServer(database, 0)).rejects.toThrow(DatabaseUnusable);
    await expect(checkServer(database, 0)).rejects.toThrow(/DATABASE_URL/);
    await database.close();
  });
});
