import * as fc from 'fast-check';
import type { ClimateMode } from '@hearth/contracts';
import {
  climateStateOf,
  DEFAULT_PROTECTION,
  restingThermostat,
  stepThermostat,
  type Drive,
  type ThermostatSettings,
  type ThermostatState,
} from './thermostat.js';

const at = (mode: ClimateMode, target = 21): ThermostatSettings => ({
  mode,
  target,
  targetLow: 20,
  targetHigh: 25,
});
const rested = (drive: Drive = 'off'): ThermostatState => ({ drive, sinceMs: -1e9, reason: null });
const step = (state: ThermostatState, settings: ThermostatSettings, celsius: number, nowMs = 0) =>
  stepThermostat(state, settings, celsius, nowMs, DEFAULT_PROTECTION);

describe(stepThermostat.name, () => {
  it.each<[ClimateMode, Drive, number, Drive]>([
    ['heat', 'off', 20.6, 'heating'],
    ['heat', 'off', 20.8, 'off'],
    ['heat', 'heating', 21.2, 'heating'],
    ['heat', 'heating', 21.4, 'off'],
    ['heat', 'off', 30, 'off'],
    ['cool', 'off', 21.4, 'cooling'],
    ['cool', 'cooling', 20.8, 'cooling'],
    ['cool', 'cooling', 20.6, 'off'],
    ['heat_cool', 'off', 19, 'heating'],
    ['heat_cool', 'off', 22, 'off'],
    ['heat_cool', 'off', 26, 'cooling'],
    ['off', 'heating', 18, 'off'],
    ['off', 'off', 35, 'off'],
  ])('in mode %s, drive %s, at %s °C: %s', (mode, drive, celsius, expected) => {
    expect(step(rested(drive), at(mode), celsius).drive).toBe(expected);
  });

  it('rests before it starts again, and says for how long', () => {
    const state = step({ drive: 'off', sinceMs: 0, reason: null }, at('heat'), 18, 60_000);
    expect(state).toEqual({ drive: 'off', sinceMs: 0, reason: 'compressor rest, 120 s' });
  });

  it('runs its least time although it is switched off, and says so', () => {
    const state = step({ drive: 'heating', sinceMs: 0, reason: null }, at('off'), 20, 100_000);
    expect(state.drive).toBe('heating');
    expect(state.reason).toBe('compressor must run 80 s more');
  });

  it('heats against frost in mode off', () => {
    const state = step(rested(), at('off'), 4.5);
    expect(state.drive).toBe('heating');
    expect(step({ ...state, sinceMs: -1e9 }, at('off'), 5.5).reason).toBe('frost protection');
    expect(step({ ...state, sinceMs: -1e9 }, at('off'), 6.5).drive).toBe('off');
  });

  it('never short-cycles, whatever the room does and people command', () => {
    const moment = fc.record({
      afterMs: fc.integer({ min: 1, max: 400_000 }),
      celsius: fc.double({ min: 0, max: 40, noNaN: true }),
      mode: fc.constantFrom<ClimateMode>('off', 'heat', 'cool', 'heat_cool', 'auto', 'fan_only'),
      target: fc.integer({ min: 7, max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(moment, { maxLength: 200 }), (moments) => {
        let state = restingThermostat(0);
        let nowMs = 0;
        const turns: { from: Drive; to: Drive; lastedMs: number }[] = [];
        for (const { afterMs, celsius, mode, target } of moments) {
          nowMs += afterMs;
          const next = step(state, at(mode, target), celsius, nowMs);
          if (next.drive !== state.drive) {
            turns.push({ from: state.drive, to: next.drive, lastedMs: nowMs - state.sinceMs });
          }
          state = next;
        }
        const { minOffMs, minOnMs } = DEFAULT_PROTECTION;
        for (const { from, to, lastedMs } of turns) {
          expect(lastedMs).toBeGreaterThanOrEqual(from === 'off' ? minOffMs : minOnMs);
          expect([from, to]).toContain('off');
        }
      }),
    );
  });
});

describe(climateStateOf.name, () => {
  it('says idle while waiting and off when switched off', () => {
    expect(climateStateOf(rested(), at('heat'), 21.234).action).toBe('idle');
    expect(climateStateOf(rested(), at('off'), 21).action).toBe('off');
    expect(climateStateOf(rested('cooling'), at('cool'), 21.236)).toEqual({
      mode: 'cool',
      action: 'cooling',
      target: 21,
      target_low: 20,
      target_high: 25,
      current: 21.24,
      reason: null,
    });
  });
});
