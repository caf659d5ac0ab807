// The simulated house, as the dashboard starts it: a process of its own, real MQTT clients.
import {
  commandAcceptedSchema,
  simulatorStatusSchema,
  SIMULATION_CONTROLLER_ID,
  type SimulatorStatus,
} from '@hearth/contracts';
import { eventually } from '../support/eventually.js';
import { LiveListener } from '../support/live-listener.js';
import { RegisteredDevice } from '../support/registered-device.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

describe('the simulated house', () => {
  let hearth: RunningHearth;
  beforeAll(async () => {
    hearth = await startHearth();
  });
  afterAll(async () => {
    await hearth.close();
  });

  const parse = (answer: { status: number; text: string; json: () => unknown }) => {
    if (answer.status !== 200) throw new Error(answer.text);
    return simulatorStatusSchema.parse(answer.json());
  };
  const status = async (): Promise<SimulatorStatus> =>
    parse(await hearth.owner.get('/api/simulator'));
  const fault = (body: object) => hearth.owner.post('/api/simulator/faults', body);

  it('takes no faults while it does not run, and none for real devices', async () => {
    const real = await RegisteredDevice.register(hearth);
    const answer = await fault({ deviceId: real.id, fault: 'power-cut' });
    expect([answer.status, answer.problem().code]).toEqual([409, 'not-a-simulated-device']);
    expect((await fault({ deviceId: 'nobody', fault: 'power-cut' })).status).toBe(404);
    const provisioned = await hearth.local.post('/api/simulator/devices', {
      devices: [{ id: 'lamp', name: 'Lamp', kind: 'sensor', room: null }],
    });
    expect(provisioned.status).toBe(201);
    expect(provisioned.json()).toMatchObject({
      brokerUrl: `mqtt://127.0.0.1:${hearth.app.mqttPort}`,
    });
    const away = await fault({ deviceId: 'lamp', fault: 'power-cut' });
    expect([away.status, away.problem().code]).toEqual([409, 'simulator-away']);
  });

  it('starts, loses a board to a power cut and gets it back, and stops', async () => {
    const live = await LiveListener.open(hearth.app.httpPort, { cookie: hearth.owner.cookie });
    expect((await status()).running).toBe(false);
    const started = parse(await hearth.owner.post('/api/simulator/start'));
    expect(started).toMatchObject({ running: true, error: null });
    await live.find('changed', ({ data }) => data.what === 'simulator');
    await eventually('eight devices are online', async () => {
      return (await status()).devices.filter(({ online }) => online).length >= 8;
    });
    const { devices } = await status();
    const board = devices.find(({ id, online }) => online && id !== SIMULATION_CONTROLLER_ID);
    const deviceId = board?.id ?? '';
    const isTold = (state: string) =>
      live.find(
        'presence',
        ({ data }) => data.deviceId === deviceId && data.presence.state === state,
      );
    const cut = await fault({ deviceId, fault: 'power-cut' });
    const { command } = commandAcceptedSchema.parse(cut.json());
    expect((await isTold('offline')).data.presence.cause).toBe('connection-lost');
    await live.find('command', ({ data }) => data.id === command.id && data.status === 'applied');
    live.frames.length = 0;
    await fault({ deviceId, fault: 'power-restore' });
    await isTold('online');
    const stopped = parse(await hearth.owner.post('/api/simulator/stop'));
    expect(stopped).toMatchObject({ running: false, startedAt: null, error: null });
    await eventually('every board is gone', async () => {
      const { connections } = (await hearth.owner.get('/api/broker/stats')).json() as {
        connections: number;
      };
      return connections === 0;
    });
    await live.close();
  }, 60_000);

  it('says why it cannot be started', async () => {
    const other = await startHearth({ env: { HEARTH_SIMULATOR_MAIN: '/nowhere/main.js' } });
    const answer = await other.owner.post('/api/simulator/start');
    await other.close();
    expect([answer.status, answer.problem().code]).toEqual([503, 'simulator-missing']);
  });
});
