import { PROBLEM_CONTENT_TYPE } from '@hearth/contracts';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

describe('problem details', () => {
  let hearth: RunningHearth;
  beforeAll(async () => {
    hearth = await startHearth();
  });
  afterAll(async () => {
    await hearth.close();
  });

  const raw = (rawBody: string, headers = {}) => ({ rawBody, headers });

  it.each([
    ['a body that is no JSON', 400, 'malformed-request', raw('{"name":')],
    ['a body that poisons prototypes', 400, 'malformed-request', raw('{"__proto__":{"a":1}}')],
    [
      'a form',
      415,
      'unsupported-media-type',
      raw('name=x', { 'content-type': 'application/x-www-form-urlencoded' }),
    ],
    ['plain text', 415, 'unsupported-media-type', raw('{}', { 'content-type': 'text/plain' })],
    ['a body of 2 MB', 413, 'body-too-large', raw(JSON.stringify({ name: 'x'.repeat(2e6) }))],
    ['a body that is no object', 422, 'invalid-input', raw('[]')],
    ['null', 422, 'invalid-input', raw('null')],
  ])('refuse %s with %d', async (_, status, code, options) => {
    const answer = await hearth.owner.post('/api/rooms', undefined, options);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain(PROBLEM_CONTENT_TYPE);
    expect(answer.problem()).toMatchObject({ status, code });
  });

  it('name each wrong field, and the ones that are not known', async () => {
    const answer = await hearth.owner.post('/api/devices', {
      name: 5,
      kind: 'toaster',
      id: '__proto__',
      roomId: 'kitchen',
      secret: 'mine',
    });
    expect(answer.status).toBe(422);
    const fields = answer.problem().errors?.map((error) => error.field);
    expect(fields?.toSorted()).toEqual(['id', 'kind', 'name', 'roomId', 'secret']);
  });

  it.each(['__proto__', 'constructor', 'toString', 'a'.repeat(64), 'UPPER', 'a%2Fb', '%00'])(
    'refuse the device id %j in an address',
    async (id) => {
      const answer = await hearth.owner.get(`/api/devices/${id}`);
      expect([404, 422]).toContain(answer.status);
      expect(answer.problem().detail).not.toMatch(/prisma|select|fastify|at .*\.js/i);
    },
  );

  it.each([
    ['GET', '/api/nothing'],
    ['GET', '/nothing'],
    ['DELETE', '/api/me'],
    ['POST', '/api/auth/anything'],
  ])('answer %s %s, which is not there, with 404', async (method, path) => {
    const answer = await hearth.owner.request(method, path);
    expect(answer.status).toBe(404);
    expect(answer.problem().code).toBe('no-such-route');
    expect(answer.text).not.toMatch(/Cannot|nest|fastify/i);
  });

  it('come with headers that keep browsers careful', async () => {
    const answer = await hearth.anonymous().get('/api/health');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(answer.headers.get('x-powered-by')).toBeNull();
  });

  it('say nothing of the inside when something breaks', async () => {
    await hearth.database.prisma.$executeRawUnsafe('alter table room rename to room_away');
    try {
      const answer = await hearth.owner.get('/api/rooms');
      expect(answer.status).toBe(500);
      expect(answer.problem().code).toBe('internal');
      expect(answer.text).not.toMatch(/room|prisma|relation|sql/i);
    } finally {
      await hearth.database.prisma.$executeRawUnsafe('alter table room_away rename to room');
    }
  });

  it('document themselves: every route is in the OpenAPI document', async () => {
    const answer = await hearth.owner.get('/api/docs/openapi.json');
    const document = answer.json() as { openapi: string; paths: Record<string, object> };
    expect(document.openapi).toBe('3.1.0');
    const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = hearth.app.routes.map(
      (route) => `${route.method} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`,
    );
    expect(documented.toSorted()).toEqual(served.toSorted());
    const page = await hearth.owner.get('/api/docs');
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.text).toContain('/api/devices/{id}/secret');
  });
});
