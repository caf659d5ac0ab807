import { runFaultCommand } from './faults.js';

describe(runFaultCommand.name, () => {
  const run = (name: string, args: Record<string, unknown>, can = true) => {
    const calls: unknown[] = [];
    const outcome = runFaultCommand(name, args, (...call) => {
      calls.push(call);
      return can;
    });
    return { outcome, calls };
  };

  it('cuts the power of a device for some seconds', () => {
    expect(run('power-cut', { device: 'hall-motion', seconds: 30 })).toEqual({
      outcome: { status: 'applied' },
      calls: [['power-cut', 'hall-motion', 30]],
    });
  });

  it.each([
    ['earthquake', { device: 'hall-motion' }, 'unknown command earthquake'],
    ['power-cut', {}, 'device'],
    ['power-cut', { device: 'No Such/Id' }, 'device'],
    ['power-cut', { device: 'hall-motion', seconds: 0 }, 'seconds'],
  ])('refuses %s with %j', (name, args, word) => {
    const { outcome, calls } = run(name, args);
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: expect.stringContaining(word) as string,
    });
    expect(calls).toEqual([]);
  });

  it('says so when the house has no such device', () => {
    expect(run('power-cut', { device: 'cellar' }, false).outcome).toEqual({
      status: 'rejected',
      reason: 'the house cannot do power-cut to cellar',
    });
  });
});
