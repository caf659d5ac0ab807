// Presence changes and commands do not pile up for ever.
import { randomUUID } from 'node:crypto';
import { FakeClock } from '@hearth/testkit';
import { eventually } from '../support/eventually.js';
import { RegisteredDevice } from '../support/registered-device.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

const DAY = 24 * 3_600_000;

describe('retention', () => {
  let hearth: RunningHearth;
  const clock = new FakeClock();
  beforeAll(async () => {
    hearth = await startHearth({ clock });
  });
  afterAll(async () => {
    await hearth.close();
  });

  it('removes what is older than a year and a bit, and keeps the state that is in force', async () => {
    const device = await RegisteredDevice.register(hearth);
    const { presenceChange, command } = hearth.database.prisma;
    const at = (days: number) => new Date(clock.now() - days * DAY);
    const change = (days: number, state: string) => ({
      deviceId: device.id,
      at: at(days),
      state,
      cause: 'connected',
    });
    await presenceChange.deleteMany({ where: { deviceId: device.id } });
    await presenceChange.createMany({
      data: [
        change(900, 'online'),
        change(800, 'offline'),
        change(500, 'online'),
        change(300, 'late'),
      ],
    });
    const sent = (days: number, finished: boolean) => ({
      id: randomUUID(),
      deviceId: device.id,
      name: 'identify',
      args: {},
      status: finished ? 'applied' : 'queued',
      requestedBy: 'local',
      createdAt: at(days),
      expiresAt: new Date(clock.now() + DAY),
      finishedAt: finished ? at(days) : null,
    });
    await command.createMany({ data: [sent(500, true), sent(500, false), sent(300, true)] });
    await hearth.restart();
    await eventually('old commands removed', async () => {
      return (await command.count({ where: { deviceId: device.id } })) === 2;
    });
    await eventually('old changes removed', async () => {
      const rows = await presenceChange.findMany({
        where: { deviceId: device.id },
        orderBy: { id: 'asc' },
      });
      return rows.map(({ state }) => state).join() === 'online,late,unknown';
    });
  });
});
