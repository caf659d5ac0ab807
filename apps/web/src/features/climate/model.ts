// A thermostat as people steer it: targets, steps, words. °C inside; the format shows the home's units. Pure.
import {
  modeUsesTarget,
  type ClimateAction,
  type ClimateCapabilities,
  type ClimateChange,
  type ClimateMode,
  type ClimateState,
  type Command,
} from '@hearth/contracts';
import type { Format } from '../../format/format';
import { isUnderWay } from '../commands/model';

const MODE_LABELS: Readonly<Record<ClimateMode, string>> = {
  off: 'Off',
  heat: 'Heat',
  cool: 'Cool',
  heat_cool: 'Heat & cool',
  auto: 'Auto',
  dry: 'Dry',
  fan_only: 'Fan',
};

export function modeLabel(mode: ClimateMode): string {
  return MODE_LABELS[mode];
}

/** The targets that a mode follows. */
export type Targets =
  | { readonly kind: 'none' }
  | { readonly kind: 'single'; readonly target: number }
  | { readonly kind: 'range'; readonly low: number; readonly high: number };

/** Where a target stands when the device has never said one, °C. */
const DEFAULT_TARGET = 20;
const DEFAULT_HIGH = 25;

export function targetsOf(state: ClimateState): Targets {
  if (state.mode === 'heat_cool') {
    return {
      kind: 'range',
      low: state.target_low ?? state.target ?? DEFAULT_TARGET,
      high: state.target_high ?? DEFAULT_HIGH,
    };
  }
  if (!modeUsesTarget(state.mode)) return { kind: 'none' };
  return { kind: 'single', target: state.target ?? DEFAULT_TARGET };
}

export type TargetField = 'target' | 'target_low' | 'target_high';

/** The state as it will be once a change is applied. */
export function withChange(state: ClimateState, change: ClimateChange | undefined): ClimateState {
  if (change === undefined) return state;
  const { mode, target, target_low, target_high } = change;
  return {
    ...state,
    ...(mode !== undefined && { mode }),
    ...(target !== undefined && { target }),
    ...(target_low !== undefined && { target_low }),
    ...(target_high !== undefined && { target_high }),
  };
}

/** Degrees Fahrenheit of one step: devices count in °C, people here do not. */
const FAHRENHEIT_STEP = 1;

/** The next target up or down: on the device's grid, or on whole degrees Fahrenheit in an imperial home. */
export function stepTarget(
  celsius: number,
  direction: 1 | -1,
  capabilities: ClimateCapabilities,
  format: Pick<Format, 'units' | 'toShown' | 'fromShown'>,
): number {
  if (format.units === 'imperial') {
    const shown = Math.round(format.toShown('°C', celsius)) + direction * FAHRENHEIT_STEP;
    return clampTarget(format.fromShown('°C', shown), capabilities);
  }
  const steps = celsius / capabilities.step;
  const near = Math.round(steps);
  const onGrid = Math.abs(steps - near) < 1e-6;
  // From between two steps the first press goes to the nearest one in its direction.
  const next = onGrid ? near + direction : direction > 0 ? Math.ceil(steps) : Math.floor(steps);
  return clampTarget(next * capabilities.step, capabilities);
}

/** The nearest target that the device can have, on its grid; where a dial was let go. */
export function snapTarget(
  celsius: number,
  capabilities: ClimateCapabilities,
  format: Pick<Format, 'units' | 'toShown' | 'fromShown'>,
): number {
  if (format.units === 'imperial') {
    const shown = Math.round(format.toShown('°C', celsius));
    return clampTarget(format.fromShown('°C', shown), capabilities);
  }
  return clampTarget(Math.round(celsius / capabilities.step) * capabilities.step, capabilities);
}

function clampTarget(celsius: number, { minTarget, maxTarget }: ClimateCapabilities): number {
  const clamped = Math.min(maxTarget, Math.max(minTarget, celsius));
  return Math.round(clamped * 100) / 100;
}

/** A change of one target that keeps the other out of its way. */
export function changeTarget(
  state: ClimateState,
  field: TargetField,
  celsius: number,
  capabilities: ClimateCapabilities,
): ClimateChange {
  const targets = targetsOf(state);
  if (targets.kind !== 'range' || field === 'target') return { target: celsius };
  const distance = Math.max(capabilities.deadband ?? 0, capabilities.step);
  const { minTarget, maxTarget } = capabilities;
  if (field === 'target_low') {
    const low = Math.min(celsius, maxTarget - distance);
    return { target_low: round(low), target_high: round(Math.max(targets.high, low + distance)) };
  }
  const high = Math.max(celsius, minTarget + distance);
  return { target_low: round(Math.min(targets.low, high - distance)), target_high: round(high) };
}

function round(celsius: number): number {
  return Math.round(celsius * 100) / 100;
}

export type Doing = 'heating' | 'cooling' | 'neutral';

const DOING: Readonly<Record<ClimateAction, Doing>> = {
  off: 'neutral',
  idle: 'neutral',
  preheating: 'heating',
  heating: 'heating',
  cooling: 'cooling',
  drying: 'cooling',
  fan: 'neutral',
  defrosting: 'neutral',
};

/** Which of the two climate colours, if any, an action wears. */
export function doingOf(action: ClimateAction): Doing {
  return DOING[action];
}

/** What the thermostat does, in words: `Heating to 21.5 °C`, `Waiting: compressor rest, 120 s`. */
export function describeAction(state: ClimateState, format: Pick<Format, 'celsius'>): string {
  const targets = targetsOf(state);
  const degrees = (celsius: number) => {
    const { text, unit } = format.celsius(celsius);
    return `${text}\u202f${unit}`;
  };
  const floor =
    targets.kind === 'single' ? targets.target : targets.kind === 'range' ? targets.low : undefined;
  const ceiling =
    targets.kind === 'single'
      ? targets.target
      : targets.kind === 'range'
        ? targets.high
        : undefined;
  const words: Readonly<Record<ClimateAction, string>> = {
    off: 'Off',
    idle: idleWords(targets, degrees),
    preheating: 'Preheating',
    heating: floor === undefined ? 'Heating' : `Heating to ${degrees(floor)}`,
    cooling: ceiling === undefined ? 'Cooling' : `Cooling to ${degrees(ceiling)}`,
    drying: 'Drying the air',
    fan: 'Fan only',
    defrosting: 'Defrosting',
  };
  const { reason } = state;
  if (reason === null || reason === undefined || reason === '') return words[state.action];
  if (state.action === 'idle' || state.action === 'off') return `Waiting: ${reason}`;
  return `${words[state.action]} (${reason})`;
}

function idleWords(targets: Targets, degrees: (celsius: number) => string): string {
  if (targets.kind === 'single') return `Holding ${degrees(targets.target)}`;
  if (targets.kind === 'range')
    return `Between ${degrees(targets.low)} and ${degrees(targets.high)}`;
  return 'Idle';
}

/** How long a change that failed, and one that was applied, stays on the page, in milliseconds. */
const FAILURE_SHOWN_MS = 10 * 60_000;
const APPLIED_SHOWN_MS = 30_000;

export type ChangeInFlight =
  | { readonly phase: 'none' }
  | { readonly phase: 'pending'; readonly command: Command; readonly change: ClimateChange }
  | { readonly phase: 'applied'; readonly command: Command; readonly change: ClimateChange }
  | { readonly phase: 'failed'; readonly command: Command; readonly change: ClimateChange };

/** Where the newest climate command of a device stands. `commands` newest first. */
export function changeInFlight(commands: readonly Command[], nowMs: number): ChangeInFlight {
  const command = commands.find((one) => one.name === 'climate');
  if (command === undefined) return { phase: 'none' };
  const change = command.args as ClimateChange;
  if (isUnderWay(command)) return { phase: 'pending', command, change };
  const ageMs = nowMs - Date.parse(command.finishedAt ?? command.createdAt);
  if (command.status === 'superseded') return { phase: 'none' };
  const applied = command.status === 'applied';
  if (ageMs > (applied ? APPLIED_SHOWN_MS : FAILURE_SHOWN_MS)) return { phase: 'none' };
  return { phase: applied ? 'applied' : 'failed', command, change };
}
