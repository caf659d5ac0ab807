import { meSchema, setupResponseSchema, setupStatusSchema } from '@hearth/contracts';
import { OWNER, startHearth, type RunningHearth } from '../support/start-hearth.js';

const HOME = { name: 'Cabin', timeZone: 'Europe/Oslo', units: 'metric' } as const;

describe('first-run setup', () => {
  let hearth: RunningHearth;
  const tokenOfLink = () => new URL(hearth.app.setupUrl ?? '').searchParams.get('token');
  const isNeeded = async () => {
    const answer = await hearth.anonymous().get('/api/setup');
    return setupStatusSchema.parse(answer.json()).needed;
  };
  const request = (token: string | null) => ({ token, owner: OWNER, home: HOME });

  beforeEach(async () => {
    hearth = await startHearth({ withoutSetup: true });
  });
  afterEach(async () => {
    await hearth.close();
  });

  it('makes the owner and the home, and signs the owner in', async () => {
    expect(await isNeeded()).toBe(true);
    const browser = hearth.anonymous();
    const answer = await browser.post('/api/setup', request(tokenOfLink()));
    expect(answer.status).toBe(201);
    expect(setupResponseSchema.parse(answer.json()).home).toMatchObject(HOME);
    const me = meSchema.parse((await browser.get('/api/me')).json());
    expect(me).toMatchObject({
      role: 'owner',
      user: { name: OWNER.name, email: OWNER.email },
      home: HOME,
    });
    expect(await isNeeded()).toBe(false);
  });

  it('works once only', async () => {
    const token = tokenOfLink();
    await hearth.setUp();
    const again = await hearth.anonymous().post('/api/setup', request(token));
    expect(again.status).toBe(403);
    expect(again.problem().code).toBe('setup-done');
    expect(again.headers.getSetCookie()).toEqual([]);
  });

  it('lets one of many win who use the link at the same moment', async () => {
    const token = tokenOfLink();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => hearth.anonymous().post('/api/setup', request(token))),
    );
    const statuses = answers.map((answer) => answer.status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([201, 403, 403, 403, 403, 403]);
    expect(await hearth.database.prisma.user.count()).toBe(1);
    expect(await hearth.database.prisma.home.count()).toBe(1);
  });

  it('refuses a wrong token in words that help, and slows guessing down', async () => {
    const wrong = await hearth.anonymous().post('/api/setup', request('guess'));
    expect(wrong.status).toBe(403);
    expect(wrong.problem()).toMatchObject({ code: 'setup-token-invalid' });
    expect(wrong.problem().detail).toContain('newest link');
    const guesses = await Promise.all(
      Array.from({ length: 20 }, () => hearth.anonymous().post('/api/setup', request('guess'))),
    );
    const last = guesses.filter((answer) => answer.status === 429);
    expect(last.length).toBeGreaterThan(0);
    expect(Number(last[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await hearth.database.prisma.user.count()).toBe(0);
  });

  it('makes a fresh link at every start, and keeps no token in the database', async () => {
    const old = tokenOfLink();
    await hearth.restart();
    expect(tokenOfLink()).not.toBe(old);
    const answer = await hearth.anonymous().post('/api/setup', request(old));
    expect(answer.status).toBe(403);
    const rows = await hearth.database.prisma.setupToken.findMany();
    expect(rows).toHaveLength(1);
    expect(rows[0]?.tokenHash).not.toContain(tokenOfLink() ?? '');
    await hearth.setUp();
    await hearth.restart();
    expect(hearth.app.setupUrl).toBeUndefined();
  });

  it('names each field that is wrong', async () => {
    const answer = await hearth.anonymous().post('/api/setup', {
      token: tokenOfLink(),
      owner: { name: '', email: 'nobody', password: 'short' },
      home: { name: 'x', timeZone: 'Mars/Olympus' },
      isAdmin: true,
    });
    expect(answer.status).toBe(422);
    const fields = answer.problem().errors?.map((error) => error.field);
    expect(fields?.toSorted()).toEqual([
      'home.timeZone',
      'isAdmin',
      'owner.email',
      'owner.name',
      'owner.password',
    ]);
  });

  it('answers the local token that there is no home yet', async () => {
    const answer = await hearth.local.get('/api/rooms');
    expect(answer.status).toBe(409);
    expect(answer.problem().code).toBe('setup-needed');
  });
});
