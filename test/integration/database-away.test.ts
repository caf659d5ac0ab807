import { healthSchema } from '@hearth/contracts';
import { openDatabaseLink, type DatabaseLink } from '../support/database-link.js';
import { eventually } from '../support/eventually.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

describe('while Postgres is away', () => {
  let hearth: RunningHearth;
  let link: DatabaseLink;
  beforeAll(async () => {
    hearth = await startHearth({
      linkDatabase: async (url) => {
        link = await openDatabaseLink(url);
        return link.url;
      },
    });
  });
  afterAll(async () => {
    await hearth.close();
    await link.close();
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
});
