import {
  commandSchema,
  DEFAULT_CLIMATE_CAPABILITIES,
  type ClimateState,
  type Command,
} from '@hearth/contracts';
import { createFormat } from '../../format/format';
import {
  changeInFlight,
  changeTarget,
  describeAction,
  snapTarget,
  stepTarget,
  targetsOf,
  withChange,
} from './model';

const metric = createFormat({ timeZone: 'UTC', units: 'metric' });
const imperial = createFormat({ timeZone: 'UTC', units: 'imperial' });
const can = { ...DEFAULT_CLIMATE_CAPABILITIES, deadband: 2 };
const aState = (more: Partial<ClimateState> = {}): ClimateState => ({
  mode: 'heat',
  action: 'idle',
  target: 21,
  target_low: 19,
  target_high: 24,
  current: 20,
  ...more,
});

describe(stepTarget, () => {
  it.each([
    [21, 1, 21.5],
    [21, -1, 20.5],
    [21.2, 1, 21.5],
    [21.2, -1, 21],
    [30, 1, 30],
    [7, -1, 7],
  ] as const)('goes from %f in direction %i to %f', (from, direction, to) => {
    expect(stepTarget(from, direction, can, metric)).toBe(to);
  });

  it('counts whole degrees Fahrenheit in an imperial home', () => {
    const next = stepTarget(21.11, 1, can, imperial);
    expect(imperial.celsius(next)).toEqual({ text: '71', unit: '°F' });
  });
});

describe(snapTarget, () => {
  it('goes to the nearest step that the device has', () => {
    expect([snapTarget(21.26, can, metric), snapTarget(99, can, metric)]).toEqual([21.5, 30]);
  });
});

describe(changeTarget, () => {
  const both = aState({ mode: 'heat_cool' });

  it('changes the one target of a mode that has one', () => {
    expect(changeTarget(aState(), 'target', 22, can)).toEqual({ target: 22 });
  });

  it('pushes the other end of a range before the two would meet', () => {
    expect(changeTarget(both, 'target_low', 23, can)).toEqual({ target_low: 23, target_high: 25 });
    expect(changeTarget(both, 'target_high', 20, can)).toEqual({ target_low: 18, target_high: 20 });
  });

  it('keeps room for the other end at the limits', () => {
    expect(changeTarget(both, 'target_low', 30, can)).toEqual({ target_low: 28, target_high: 30 });
  });
});

describe(targetsOf, () => {
  it('follows the mode', () => {
    expect(targetsOf(aState({ mode: 'off' }))).toEqual({ kind: 'none' });
    expect(targetsOf(aState())).toEqual({ kind: 'single', target: 21 });
    expect(targetsOf(aState({ mode: 'heat_cool' }))).toEqual({ kind: 'range', low: 19, high: 24 });
  });
});

describe(withChange, () => {
  it('shows what a change will lead to and keeps the rest', () => {
    expect(withChange(aState(), { mode: 'cool', target: 25 })).toMatchObject({
      mode: 'cool',
      target: 25,
      current: 20,
    });
  });
});

describe(describeAction, () => {
  it.each([
    [aState({ action: 'heating' }), 'Heating to 21.0\u202f°C'],
    [aState({ action: 'cooling', mode: 'heat_cool' }), 'Cooling to 24.0\u202f°C'],
    [aState(), 'Holding 21.0\u202f°C'],
    [aState({ mode: 'heat_cool' }), 'Between 19.0\u202f°C and 24.0\u202f°C'],
    [aState({ reason: 'compressor rest, 120 s' }), 'Waiting: compressor rest, 120 s'],
    [aState({ mode: 'off', action: 'off' }), 'Off'],
    [
      aState({ mode: 'off', action: 'heating', reason: 'frost protection' }),
      'Heating (frost protection)',
    ],
  ])('says it in words', (state, words) => {
    expect(describeAction(state, metric)).toBe(words);
  });
});

describe(changeInFlight, () => {
  const at = Date.UTC(2026, 0, 1);
  const aCommand = (status: Command['status'], finishedAt: number | null, name = 'climate') =>
    commandSchema.parse({
      id: '0b2f6a1c-7c7e-4f9e-9a53-0f3f2b7f3a01',
      deviceId: 'thermostat',
      name,
      args: { target: 21 },
      status,
      reason: null,
      requestedBy: 'Ada',
      createdAt: new Date(at).toISOString(),
      sentAt: null,
      deliveredAt: null,
      acceptedAt: null,
      finishedAt: finishedAt === null ? null : new Date(finishedAt).toISOString(),
      expiresAt: new Date(at + 15_000).toISOString(),
    });
  const phase = (command: Command, laterMs: number) =>
    changeInFlight([command], at + laterMs).phase;

  it('is pending until the command is finished', () => {
    expect(changeInFlight([aCommand('delivered', null)], at)).toMatchObject({
      phase: 'pending',
      change: { target: 21 },
    });
  });

  it('tells a success briefly and a failure for long', () => {
    expect(phase(aCommand('applied', at), 20_000)).toBe('applied');
    expect(phase(aCommand('applied', at), 40_000)).toBe('none');
    expect(phase(aCommand('expired', at), 40_000)).toBe('failed');
    expect(phase(aCommand('expired', at), 3_600_000)).toBe('none');
  });

  it('says nothing of a change whose place another took, nor of other commands', () => {
    expect(phase(aCommand('superseded', at), 0)).toBe('none');
    expect(phase(aCommand('expired', at, 'identify'), 0)).toBe('none');
  });
});
