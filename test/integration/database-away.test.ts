import { healthSchema } from '@hearth/contracts';
import { createDatabase, type Database } from '@hearth/db';
import { openDatabaseLink, type DatabaseLink } from '../support/database-link.js';
import { eventually } from '../support/eventually.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

describe('while Postgres is away', () => {
  let hearth: RunningHearth;
  let link: DatabaseLink;
  /** Beside the api's database, on its server. */
  let server: Database;
  let name: string;
  beforeAll(async () => {
    hearth = await startHearth({
      linkDatabase: async (url) => {
        link = await openDatabaseLink(url);
        const beside = new URL(url);
        name = beside.pathname.slice(1);
        beside.pathname = '/postgres';
        server = await createDatabase(beside.href);
        return link.url;
      },
    });
  });
  afterAll(async () => {
    await hearth.close();
    await link.close();
    await server.close();
  });

  const health = async () =>
    healthSchema.parse((await hearth.anonymous().get('/api/health')).json());

  it('the api says so instead of failing, and goes on by itself when it is back', async () => {
    expect(await health()).toMatchObject({ status: 'ok', database: 'up', broker: 'up' });
    await link.cut();
    expect(await health()).toMatchObject({ status: 'degraded', database: 'down', broker: 'up' });
    const person = { email: 'ada@example.org', password: 'correct horse battery' };
    const answers = await Promise.all([
      hearth.owner.get('/api/rooms'),
      hearth.local.get('/api/devices'),
      hearth.anonymous().post('/api/auth/sign-in/email', person),
      hearth.anonymous().get('/api/setup'),
    ]);
    for (const answer of answers) {
      expect(answer.status).toBe(503);
      expect(answer.problem().code).toBe('database-away');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    await link.mend();
    await eventually('the database is used again', async () => (await health()).status === 'ok');
    expect((await hearth.owner.get('/api/rooms')).status).toBe(200);
  });

  it.each(['/metrics', '/api/ingest/stats', '/api/broker/stats'])(
    '%s is told to who holds the local token',
    async (path) => {
      expect((await hearth.local.get(path)).status).toBe(200);
      await link.cut();
      expect((await hearth.local.get(path)).status).toBe(200);
      await link.mend();
      await eventually('the database is used again', async () => (await health()).status === 'ok');
    },
  );

  /** Changes the database, and ends the connections that know it as it was. */
  async function alter(change: string): Promise<void> {
    await server.pool.query(`alter database "${name}" ${change}`);
    await server.pool.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
      [name],
    );
  }

  it('a database that takes no connections is away for every kind of query', async () => {
    await alter('with allow_connections false');
    try {
      for (const path of ['/api/rooms', '/api/home/overview']) {
        // The first may still meet a connection that was just ended; that is told in the same words.
        for (let attempt = 0; attempt < 2; attempt += 1) {
          const answer = await hearth.local.get(path);
          expect([path, answer.status]).toEqual([path, 503]);
          expect(answer.problem().code).toBe('database-away');
        }
      }
    } finally {
      await alter('with allow_connections true');
    }
    await eventually('the database is used again', async () => (await health()).status === 'ok');
  });

  it('a database that only reads is away for changes', async () => {
    await alter('set default_transaction_read_only = on');
    try {
      await eventually('reads go on', async () => {
        return (await hearth.local.get('/api/rooms')).status === 200;
      });
      const answer = await hearth.local.post('/api/rooms', { name: 'Attic' });
      expect(answer.status).toBe(503);
      expect(answer.problem().code).toBe('database-away');
    } finally {
      await alter('reset default_transaction_read_only');
    }
    await eventually('it writes again', async () => {
      return (await hearth.local.post('/api/rooms', { name: 'Attic' })).status === 201;
    });
  });
});
