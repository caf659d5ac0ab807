import { startHearth, type RunningHearth } from '../support/start-hearth.js';

/** The only doors that are open to everybody. A new one is added here on purpose or not at all. */
const OPEN = [
  'GET /api/auth/get-session',
  'GET /api/health',
  'GET /api/setup',
  // Open to the guard only: it asks itself, unless the owner of the machine opened it.
  'GET /metrics',
  'POST /api/auth/sign-in/email',
  'POST /api/auth/sign-out',
  'POST /api/setup',
];

/** What a member may not do. */
const OWNER_ONLY = [
  'DELETE /api/devices/:id',
  'DELETE /api/integrations/:id',
  'PATCH /api/home',
  'POST /api/devices',
  'POST /api/devices/:id/secret',
  'POST /api/integrations',
];

describe('who may do what', () => {
  let hearth: RunningHearth;
  const nameOf = (route: { method: string; path: string }) => `${route.method} ${route.path}`;
  const isChange = (route: { method: string }) => route.method !== 'GET';
  /** The address of a route with parameters that exist nowhere. */
  const addressOf = (path: string) =>
    path
      .replace('/devices/:id', '/devices/nobody')
      .replace('/series/:id', '/series/1')
      .replace(/:\w+/g, '00000000-0000-4000-8000-000000000000');

  beforeAll(async () => {
    hearth = await startHearth();
  });
  afterAll(async () => {
    await hearth.close();
  });

  it('every route says what it takes and gives', () => {
    const without = hearth.app.routes.filter((route) => !route.contract);
    expect(without.map(nameOf)).toEqual([]);
    expect(hearth.app.routes.length).toBeGreaterThan(20);
  });

  it('only these routes are open', () => {
    const open = hearth.app.routes.filter((route) => route.isPublic).map(nameOf);
    expect(open.toSorted()).toEqual(OPEN);
  });

  it('nobody gets through any other', async () => {
    const closed = hearth.app.routes.filter((route) => !route.isPublic);
    for (const route of closed) {
      const answer = await hearth.anonymous().request(route.method, addressOf(route.path));
      expect([nameOf(route), answer.status]).toEqual([nameOf(route), 401]);
      expect(answer.problem().code).toBe('not-signed-in');
    }
  });

  it('nobody reads the metrics, unless they were opened', async () => {
    expect((await hearth.anonymous().get('/metrics')).status).toBe(401);
    expect((await hearth.local.get('/metrics')).status).toBe(200);
  });

  it('a viewer reads, and changes nothing', async () => {
    const viewer = await hearth.signInAs('viewer');
    for (const route of hearth.app.routes.filter((one) => !one.isPublic && isChange(one))) {
      const answer = await viewer.request(route.method, addressOf(route.path), {});
      expect([nameOf(route), answer.status]).toEqual([nameOf(route), 403]);
    }
    for (const path of ['/api/me', '/api/rooms', '/api/devices', '/api/docs/openapi.json']) {
      expect([path, (await viewer.get(path)).status]).toEqual([path, 200]);
    }
  });

  it('a member changes rooms and names, but no settings, secrets or integrations', async () => {
    const member = await hearth.signInAs('member');
    for (const name of OWNER_ONLY) {
      const [method = '', path = ''] = name.split(' ');
      const answer = await member.request(method, addressOf(path), {});
      expect([name, answer.status]).toEqual([name, 403]);
    }
    expect((await member.post('/api/rooms', { name: 'Attic' })).status).toBe(201);
  });

  it('somebody of no home gets nothing', async () => {
    const stranger = await hearth.signInAs('viewer');
    await hearth.database.prisma.membership.deleteMany({ where: { role: 'viewer' } });
    expect((await stranger.get('/api/rooms')).status).toBe(401);
  });

  it('the local token is as good as the owner', async () => {
    expect((await hearth.local.get('/api/me')).json()).toMatchObject({
      role: 'owner',
      user: { id: 'local' },
    });
    expect((await hearth.local.patch('/api/home', { name: 'Renamed' })).status).toBe(200);
  });
});
