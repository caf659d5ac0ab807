import { commandSchema, presenceSchema, simulatorStatusSchema } from '@hearth/contracts';
import { describeFault, faultOf, lastingOutage, outagesOf, phaseOf } from './model';

const aStatus = (running: boolean, controller: 'online' | 'offline' | 'missing') =>
  simulatorStatusSchema.parse({
    running,
    startedAt: null,
    error: null,
    devices:
      controller === 'missing'
        ? []
        : [{ id: 'simulated-house', name: 'House', online: controller === 'online' }],
  });

const aCommand = (
  second: number,
  name: string,
  args: Record<string, string | number>,
  status = 'applied',
) => {
  const at = new Date(second * 1_000).toISOString();
  return commandSchema.parse({
    id: `00000000-0000-4000-8000-${String(second).padStart(12, '0')}`,
    deviceId: 'simulated-house',
    name,
    args,
    status,
    reason: null,
    requestedBy: 'ada@example.org',
    createdAt: at,
    sentAt: at,
    deliveredAt: at,
    acceptedAt: at,
    finishedAt: at,
    expiresAt: at,
  });
};

describe(phaseOf, () => {
  it.each([
    [false, 'missing', 'never'],
    [false, 'offline', 'stopped'],
    [true, 'missing', 'starting'],
    [true, 'offline', 'starting'],
    [true, 'online', 'running'],
    [false, 'online', 'elsewhere'],
  ] as const)('with running %p and the controller %s is %s', (running, controller, phase) => {
    expect(phaseOf(aStatus(running, controller))).toBe(phase);
  });
});

describe(faultOf, () => {
  it('reads power faults only', () => {
    expect(faultOf({ name: 'power-cut', args: { device: 'lamp', seconds: 10 } })).toEqual({
      name: 'power-cut',
      deviceId: 'lamp',
      seconds: 10,
    });
    expect(faultOf({ name: 'climate', args: { device: 'lamp' } })).toBeUndefined();
    expect(faultOf({ name: 'power-cut', args: { device: 7 } })).toBeUndefined();
  });
});

describe(outagesOf, () => {
  it('takes the newest applied fault of each device', () => {
    const outages = outagesOf(
      [
        aCommand(10, 'power-cut', { device: 'lamp' }),
        aCommand(20, 'power-restore', { device: 'lamp' }),
        aCommand(30, 'power-cut', { device: 'door' }),
        aCommand(40, 'power-restore', { device: 'door' }, 'rejected'),
      ],
      50_000,
    );
    expect([...outages]).toEqual([['door', { since: 30_000, until: null }]]);
  });

  it('forgets a timed cut when its time is over', () => {
    const cut = [aCommand(10, 'power-cut', { device: 'lamp', seconds: 60 })];
    expect(outagesOf(cut, 69_000).get('lamp')).toEqual({ since: 10_000, until: 70_000 });
    expect(outagesOf(cut, 70_000).size).toBe(0);
  });
});

describe(lastingOutage, () => {
  const outage = { since: 10_000, until: null };
  const presence = (state: string, second: number) =>
    presenceSchema.parse({
      state,
      cause: 'connected',
      since: new Date(second * 1_000).toISOString(),
    });

  it('ends when the device connects again', () => {
    expect(lastingOutage(outage, presence('online', 11))).toBeUndefined();
  });

  it('lasts while the device is away, or is not yet known to be', () => {
    expect(lastingOutage(outage, presence('offline', 11))).toBe(outage);
    expect(lastingOutage(outage, presence('online', 9))).toBe(outage);
  });
});

describe(describeFault, () => {
  it.each([
    [{ name: 'power-cut', seconds: 10 }, 'Lamp has no power for 10 seconds'],
    [{ name: 'power-cut', seconds: 60 }, 'Lamp has no power for 1 minute'],
    [{ name: 'power-cut', seconds: 120 }, 'Lamp has no power for 2 minutes'],
    [{ name: 'power-cut', seconds: undefined }, 'Lamp has no power until you restore it'],
    [{ name: 'power-restore', seconds: undefined }, 'Lamp has power again'],
  ] as const)('says %o', (fault, words) => {
    expect(describeFault({ ...fault, deviceId: 'lamp' }, 'Lamp')).toBe(words);
  });
});
