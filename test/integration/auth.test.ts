import { meSchema } from '@hearth/contracts';
import { FakeClock } from '@hearth/testkit';
import { HttpClient } from '../support/http-client.js';
import { OWNER, startHearth, type RunningHearth } from '../support/start-hearth.js';

const RIGHT = { email: OWNER.email, password: OWNER.password };
const WRONG = { email: OWNER.email, password: 'a wrong password' };
const SIGN_IN = '/api/auth/sign-in/email';

describe('signing in', () => {
  let hearth: RunningHearth;
  beforeAll(async () => {
    hearth = await startHearth();
  });
  afterAll(async () => {
    await hearth.close();
  });

  it('opens a session in a cookie that scripts cannot read', async () => {
    const browser = hearth.anonymous();
    const answer = await browser.post(SIGN_IN, RIGHT);
    expect(answer.status).toBe(200);
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^hearth\.session_token=/);
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; SameSite=Lax/i);
    expect(cookie).not.toMatch(/Secure/i);
    const token = decodeURIComponent(/=([^;]+)/.exec(cookie)?.[1] ?? '').split('.')[0] ?? '';
    expect(token.length).toBeGreaterThan(20);
    expect(answer.text).not.toContain(token);
    const me = meSchema.parse((await browser.get('/api/me')).json());
    expect(me.user.email).toBe(OWNER.email);
  });

  it('does not care how the address is written', async () => {
    const answer = await hearth.anonymous().post(SIGN_IN, { ...RIGHT, email: 'ADA@Example.org' });
    expect(answer.status).toBe(200);
  });

  it('answers a wrong password and an unknown person alike', async () => {
    const wrong = await hearth.anonymous().post(SIGN_IN, WRONG);
    const unknown = await hearth.anonymous().post(SIGN_IN, { ...WRONG, email: 'eve@example.org' });
    expect(wrong.status).toBe(401);
    expect(wrong.problem().code).toBe('wrong-credentials');
    expect(unknown.text).toBe(wrong.text);
    expect([...wrong.headers.getSetCookie(), ...unknown.headers.getSetCookie()]).toEqual([]);
  });

  it('is over after signing out, also for a copy of the cookie', async () => {
    const browser = hearth.anonymous();
    await browser.post(SIGN_IN, RIGHT);
    const { cookie } = browser;
    expect((await browser.post('/api/auth/sign-out')).status).toBe(204);
    expect(browser.cookie).toBe('');
    expect((await browser.get('/api/auth/get-session')).json()).toBeNull();
    const copy = await hearth.anonymous().get('/api/me', { headers: { cookie } });
    expect(copy.status).toBe(401);
  });

  it('survives a restart of the server', async () => {
    expect((await hearth.owner.get('/api/me')).status).toBe(200);
    const { cookie } = hearth.owner;
    await hearth.restart();
    expect((await hearth.anonymous().get('/api/me', { headers: { cookie } })).status).toBe(200);
  });

  it('leaves no way to sign up', async () => {
    const eve = { name: 'Eve', email: 'eve@example.org', password: 'correct horse battery' };
    const answer = await hearth.anonymous().post('/api/auth/sign-up/email', eve);
    expect(answer.status).toBe(404);
    expect(await hearth.database.prisma.user.count({ where: { email: eve.email } })).toBe(0);
  });

  it.each([
    ['a foreign page', { origin: 'http://evil.example' }],
    ['another port of this host', { origin: 'http://127.0.0.1:1' }],
    ['a page without an origin', { origin: 'null' }],
    ['a cross-site request', { 'sec-fetch-site': 'cross-site' }],
  ])('does not let %s act for the owner', async (_, headers) => {
    const answer = await hearth.owner.post('/api/rooms', { name: 'Trap' }, { headers });
    expect(answer.status).toBe(403);
    expect(answer.problem().code).toBe('foreign-origin');
    const rooms = await hearth.database.prisma.room.count({ where: { name: 'Trap' } });
    expect(rooms).toBe(0);
  });

  it('lets the dashboard act, behind its proxy', async () => {
    const answer = await hearth.owner.post(
      '/api/rooms',
      { name: 'Kitchen' },
      { headers: { origin: 'http://hearth.local:3000', 'x-forwarded-host': 'hearth.local:3000' } },
    );
    expect(answer.status).toBe(201);
  });

  it.each(['Bearer wrong', 'Bearer ', 'Basic YTpi', 'Bearer ' + 'x'.repeat(5_000)])(
    'takes %.20j for nobody, whatever cookie comes with it',
    async (authorization) => {
      const answer = await hearth.owner.get('/api/me', { headers: { authorization } });
      expect(answer.status).toBe(401);
    },
  );
});

describe('guessing passwords', () => {
  let hearth: RunningHearth;
  const clock = new FakeClock();
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
  const retryAfter = async (client: HttpClient, options = {}) => {
    const answer = await client.post(SIGN_IN, RIGHT, options);
    expect(answer.status).toBe(429);
    return Number(answer.headers.get('retry-after'));
  };
  const guess = async (times: number, options: (index: number) => object) => {
    const statuses: number[] = [];
    for (let index = 0; index < times; index++) {
      statuses.push((await hearth.anonymous().post(SIGN_IN, WRONG, options(index))).status);
    }
    return statuses;
  };

  beforeEach(async () => {
    hearth = await startHearth({ clock });
  });
  afterEach(async () => {
    await hearth.close();
  });

  it('is slowed from one address; the right password waits too, and then works', async () => {
    const statuses = await guess(100, () => ({}));
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.indexOf(429)).toBe(10);
    const browser = hearth.anonymous();
    const seconds = await retryAfter(browser);
    expect(seconds).toBeGreaterThan(0);
    clock.advance(seconds * 1_000);
    expect((await browser.post(SIGN_IN, RIGHT)).status).toBe(200);
    expect((await hearth.anonymous().post(SIGN_IN, WRONG)).status).toBe(401);
  });

  it('is slowed from many addresses, and the owner gets in after a minute at most', async () => {
    const statuses = await guess(40, (index) => from(`203.0.113.${index}`));
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(20);
    const browser = hearth.anonymous();
    const seconds = await retryAfter(browser, from('198.51.100.7'));
    expect(seconds).toBeLessThanOrEqual(60);
    clock.advance(seconds * 1_000);
    expect((await browser.post(SIGN_IN, RIGHT, from('198.51.100.7'))).status).toBe(200);
  });

  it('gains nothing from guessing all at once, nor from a restart', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => hearth.anonymous().post(SIGN_IN, WRONG)),
    );
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(10);
    await hearth.restart();
    expect((await hearth.anonymous().post(SIGN_IN, WRONG)).status).toBe(429);
  });
});

describe('addresses and cookies', () => {
  it('does not believe X-Forwarded-For of a stranger', async () => {
    const hearth = await startHearth({ env: { HEARTH_TRUSTED_PROXIES: '10.9.8.7' } });
    try {
      const statuses: number[] = [];
      for (let index = 0; index < 12; index++) {
        const headers = { 'x-forwarded-for': `203.0.113.${index}` };
        statuses.push((await hearth.anonymous().post(SIGN_IN, WRONG, { headers })).status);
      }
      expect(statuses.at(-1)).toBe(429);
    } finally {
      await hearth.close();
    }
  });

  it('sends the cookie over TLS only when the dashboard is reached by https', async () => {
    const hearth = await startHearth({ env: { HEARTH_PUBLIC_URL: 'https://home.example' } });
    try {
      const answer = await hearth.anonymous().post(SIGN_IN, RIGHT);
      expect(answer.headers.getSetCookie()[0]).toMatch(/; Secure/i);
    } finally {
      await hearth.close();
    }
  });
});
