import type { ClimateCapabilities, ClimateState } from '@hearth/contracts';
import { climateArgumentFaults, climateCapabilities, climateFaults } from './climate-change.js';

const capabilities: ClimateCapabilities = {
  modes: ['off', 'heat', 'heat_cool'],
  minTarget: 10,
  maxTarget: 28,
  step: 0.5,
  deadband: 2,
};

const reported: ClimateState = {
  mode: 'heat_cool',
  action: 'idle',
  target_low: 19,
  target_high: 24,
};

const fields = (faults: { field: string }[]) => faults.map((fault) => fault.field);

describe('climateCapabilities', () => {
  it('are what the device says, or what is assumed of a thermostat', () => {
    expect(climateCapabilities({ kind: 'sensor', info: { climate: capabilities } })).toBe(
      capabilities,
    );
    expect(climateCapabilities({ kind: 'thermostat', info: undefined })?.modes).toContain('heat');
    expect(climateCapabilities({ kind: 'sensor', info: {} })).toBeUndefined();
  });
});

describe('climateFaults', () => {
  it.each([
    [{ mode: 'heat', target: 21 }, []],
    [{ mode: 'cool' }, ['mode']],
    [{ target: 9.5 }, ['target']],
    [{ mode: 'dry', target: 30 }, ['mode', 'target']],
    [{ target_low: 20, target_high: 21 }, ['target_low']],
    [{ target_low: 22.5 }, ['target_low']],
    [{ target_low: 22 }, []],
    [{ target_high: 20 }, ['target_high']],
    [{ target_high: 21 }, []],
  ] as const)('%j: %j', (change, expected) => {
    expect(fields(climateFaults(change, capabilities, reported))).toEqual(expected);
  });

  it('judges one end alone while the other is not known', () => {
    expect(climateFaults({ target_low: 27 }, capabilities, undefined)).toEqual([]);
  });
});

describe('climateArgumentFaults', () => {
  it.each([
    [{ target: 21 }, []],
    [{ target: '21' }, ['target']],
    [{ target: 29 }, ['target']],
    [{}, ['']],
  ])('%j: %j', (args, expected) => {
    expect(fields(climateArgumentFaults(args, capabilities))).toEqual(expected);
  });
});
