// Decides whether a heat pump runs. Pure. The compressor is protected here, in the device, not by the server:
// once on it stays on for `minOnMs`, once off it rests for `minOffMs`, whatever anybody commands.
import type { ClimateAction, ClimateMode, ClimateState } from '@hearth/contracts';

export interface ThermostatSettings {
  readonly mode: ClimateMode;
  /** °C, for heat and cool. */
  readonly target: number;
  /** °C, for heat_cool. */
  readonly targetLow: number;
  readonly targetHigh: number;
}

export interface Protection {
  readonly minOnMs: number;
  readonly minOffMs: number;
  /** The temperature may stray this far from the target before anything happens, °C. */
  readonly hysteresis: number;
  /** Below this it heats in every mode, `off` included, °C. */
  readonly frostFloor: number;
}

export const DEFAULT_PROTECTION: Protection = {
  minOnMs: 180_000,
  minOffMs: 180_000,
  hysteresis: 0.3,
  frostFloor: 5,
};

/** How far above the frost floor frost protection heats, °C. */
const FROST_MARGIN = 1;

/** What the compressor does. */
export type Drive = 'off' | 'heating' | 'cooling';

export interface ThermostatState {
  readonly drive: Drive;
  /** When the drive last started or stopped. */
  readonly sinceMs: number;
  /** Why it is not doing what the settings ask for, in words. */
  readonly reason: string | null;
}

/** A compressor whose past is unknown: it rests before its first start. */
export function restingThermostat(nowMs: number): ThermostatState {
  return { drive: 'off', sinceMs: nowMs, reason: null };
}

function band(drive: Drive, current: number, low: number, high: number, hysteresis: number): Drive {
  if (current < low - hysteresis) return 'heating';
  if (current > high + hysteresis) return 'cooling';
  if (drive === 'heating' && current < low + hysteresis) return 'heating';
  if (drive === 'cooling' && current > high - hysteresis) return 'cooling';
  return 'off';
}

/** The temperatures between which nothing needs to run. */
function comfortOf(settings: ThermostatSettings): readonly [low: number, high: number] {
  const { target, targetLow, targetHigh } = settings;
  const comforts: Record<ClimateMode, readonly [number, number]> = {
    off: [-Infinity, Infinity],
    heat: [target, Infinity],
    cool: [-Infinity, target],
    heat_cool: [targetLow, targetHigh],
    auto: [target, target + 1],
    dry: [-Infinity, Infinity],
    fan_only: [-Infinity, Infinity],
  };
  return comforts[settings.mode];
}

function wantedDrive(
  drive: Drive,
  settings: ThermostatSettings,
  current: number,
  protection: Protection,
): Drive {
  const floor = protection.frostFloor;
  if (current < floor || (drive === 'heating' && current < floor + FROST_MARGIN)) return 'heating';
  const [low, high] = comfortOf(settings);
  return band(drive, current, low, high, protection.hysteresis);
}

function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}

/** The state at `nowMs`, given the temperature. Call it often; it remembers nothing but its state. */
export function stepThermostat(
  state: ThermostatState,
  settings: ThermostatSettings,
  currentCelsius: number,
  nowMs: number,
  protection: Protection,
): ThermostatState {
  const wanted = wantedDrive(state.drive, settings, currentCelsius, protection);
  const elapsedMs = nowMs - state.sinceMs;
  if (wanted === state.drive) {
    const frost = wanted === 'heating' && currentCelsius < protection.frostFloor + FROST_MARGIN;
    return { ...state, reason: frost ? 'frost protection' : null };
  }
  if (state.drive === 'off') {
    const restMs = protection.minOffMs - elapsedMs;
    if (restMs > 0) return { ...state, reason: `compressor rest, ${seconds(restMs)} s` };
    return { drive: wanted, sinceMs: nowMs, reason: null };
  }
  const runMs = protection.minOnMs - elapsedMs;
  if (runMs > 0) return { ...state, reason: `compressor must run ${seconds(runMs)} s more` };
  const turns = wanted !== 'off';
  return { drive: 'off', sinceMs: nowMs, reason: turns ? 'compressor rest' : null };
}

function actionOf(drive: Drive, mode: ClimateMode): ClimateAction {
  if (drive !== 'off') return drive;
  return mode === 'off' ? 'off' : 'idle';
}

/** The reported twin: settings, what the compressor does, and why. Temperatures to 0.01 °C. */
export function climateStateOf(
  state: ThermostatState,
  settings: ThermostatSettings,
  currentCelsius: number,
): ClimateState {
  return {
    mode: settings.mode,
    action: actionOf(state.drive, settings.mode),
    target: settings.target,
    target_low: settings.targetLow,
    target_high: settings.targetHigh,
    current: Math.round(currentCelsius * 100) / 100,
    reason: state.reason,
  };
}
