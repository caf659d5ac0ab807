import { integrationSchema, integrationWithPasswordSchema } from '@hearth/contracts';

import { verifySecret } from '../../apps/api/src/common/secret-hash.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

describe('integrations', () => {
  let hearth: RunningHearth;
  beforeAll(async () => {
    hearth = await startHearth();
  });
  afterAll(async () => {
    await hearth.close();
  });

  const hashOf = async (username: string) =>
    (await hearth.database.prisma.integration.findUniqueOrThrow({ where: { username } }))
      .secretHash;

  it('takes the password that the owner chose, and does not repeat it', async () => {
    const answer = await hearth.owner.post('/api/integrations', {
      name: 'Tutorial',
      username: 'sensor',
      password: 'secret',
      topicFilters: ['sensor/#', 'home/+/temperature'],
    });
    expect(answer.status).toBe(201);
    const { integration, password } = integrationWithPasswordSchema.parse(answer.json());
    expect(password).toBeNull();
    expect(integration.topicFilters).toEqual(['sensor/#', 'home/+/temperature']);
    expect(await verifySecret(await hashOf('sensor'), 'secret')).toBe(true);
  });

  it('makes a password and shows it once', async () => {
    const answer = await hearth.owner.post('/api/integrations', {
      name: 'Bridge',
      username: 'zigbee2mqtt',
      topicFilters: ['zigbee2mqtt/#'],
    });
    const { integration, password } = integrationWithPasswordSchema.parse(answer.json());
    expect(await verifySecret(await hashOf('zigbee2mqtt'), password ?? '')).toBe(true);
    const list = await hearth.owner.get('/api/integrations');
    const { items } = list.json() as { items: unknown };
    expect(integrationSchema.array().parse(items)).toContainEqual(integration);
    expect(list.text).not.toContain(password);
    expect(list.text).not.toContain('argon2');
  });

  it('shares its name space with the devices', async () => {
    await hearth.owner.post('/api/devices', { name: 'Lamp', kind: 'sensor', id: 'lamp' });
    const filters = { topicFilters: ['x/#'] };
    const integration = await hearth.owner.post('/api/integrations', {
      name: 'Lamp',
      username: 'lamp',
      ...filters,
    });
    await hearth.owner.post('/api/integrations', { name: 'Tap', username: 'tap', ...filters });
    const device = await hearth.owner.post('/api/devices', {
      name: 'Tap',
      kind: 'sensor',
      id: 'tap',
    });
    for (const answer of [integration, device]) {
      expect(answer.status).toBe(409);
      expect(answer.problem().code).toBe('username-taken');
    }
  });

  it.each([
    [{ username: '__proto__' }, 'username'],
    [{ username: 'a/b' }, 'username'],
    [{ username: '+' }, 'username'],
    [{ topicFilters: [] }, 'topicFilters'],
    [{ topicFilters: ['a#'] }, 'topicFilters.0'],
    [{ topicFilters: ['a', 'b/#/c'] }, 'topicFilters.1'],
    [{ topicFilters: ['$share/g/a'] }, 'topicFilters.0'],
  ])('refuses %j and names the field', async (wrong, field) => {
    const answer = await hearth.owner.post('/api/integrations', {
      name: 'Bad',
      username: 'bad',
      topicFilters: ['bad/#'],
      ...wrong,
    });
    expect(answer.status).toBe(422);
    expect(answer.problem().errors?.map((error) => error.field)).toEqual([field]);
  });

  it('is gone after it is removed, and its name is free again', async () => {
    const wanted = { name: 'Brief', username: 'brief', topicFilters: ['brief/#'] };
    const created = await hearth.owner.post('/api/integrations', wanted);
    const { id } = integrationWithPasswordSchema.parse(created.json()).integration;
    expect((await hearth.owner.delete(`/api/integrations/${id}`)).status).toBe(204);
    expect((await hearth.owner.delete(`/api/integrations/${id}`)).status).toBe(404);
    expect((await hearth.owner.post('/api/integrations', wanted)).status).toBe(201);
  });
});
