import { deviceWithSecretSchema, homeSchema, roomSchema, type Room } from '@hearth/contracts';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

describe('home and rooms', () => {
  let hearth: RunningHearth;
  beforeAll(async () => {
    hearth = await startHearth();
  });
  afterAll(async () => {
    await hearth.close();
  });

  const add = async (name: string) => {
    const answer = await hearth.owner.post('/api/rooms', { name });
    expect(answer.status).toBe(201);
    return roomSchema.parse(answer.json());
  };
  const list = async (): Promise<Room[]> => {
    const answer = await hearth.owner.get('/api/rooms');
    return roomSchema.array().parse((answer.json() as { items: unknown }).items);
  };

  it('changes what is given of the home and leaves the rest', async () => {
    const answer = await hearth.owner.patch('/api/home', { units: 'imperial' });
    expect(homeSchema.parse(answer.json())).toEqual({ ...hearth.home, units: 'imperial' });
  });

  it('keeps rooms in the order in which they were added, until one is moved', async () => {
    const [kitchen, hall, attic] = [await add('Kitchen'), await add('Hall'), await add('Attic')];
    expect((await list()).map((room) => room.name)).toEqual(['Kitchen', 'Hall', 'Attic']);
    await hearth.owner.patch(`/api/rooms/${attic.id}`, { position: 0 });
    await hearth.owner.patch(`/api/rooms/${kitchen.id}`, { position: 5, name: 'Big kitchen' });
    expect((await list()).map((room) => room.name)).toEqual(['Attic', 'Hall', 'Big kitchen']);
    expect(hall.deviceCount).toBe(0);
  });

  it('refuses a name that is taken', async () => {
    await add('Cellar');
    const garage = await add('Garage');
    const added = await hearth.owner.post('/api/rooms', { name: 'Cellar' });
    const renamed = await hearth.owner.patch(`/api/rooms/${garage.id}`, { name: 'Cellar' });
    for (const answer of [added, renamed]) {
      expect(answer.status).toBe(409);
      expect(answer.problem().code).toBe('room-name-taken');
    }
  });

  it('keeps the devices of a room that is removed', async () => {
    const room = await add('Shed');
    const answer = await hearth.owner.post('/api/devices', {
      name: 'Node',
      kind: 'sensor',
      roomId: room.id,
    });
    const { device } = deviceWithSecretSchema.parse(answer.json());
    expect((await list()).find(({ id }) => id === room.id)?.deviceCount).toBe(1);
    expect((await hearth.owner.delete(`/api/rooms/${room.id}`)).status).toBe(204);
    expect((await hearth.owner.get(`/api/devices/${device.id}`)).json()).toMatchObject({
      roomId: null,
    });
    expect((await hearth.owner.delete(`/api/rooms/${room.id}`)).status).toBe(404);
  });
});
