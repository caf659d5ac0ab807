// The canonical climate model. °C inside, resolution 0.01; words are Home Assistant's, ranges Matter's.
import { z } from 'zod';

export const CLIMATE_MODES = [
  'off',
  'heat',
  'cool',
  'heat_cool',
  'auto',
  'dry',
  'fan_only',
] as const;
export const climateModeSchema = z.enum(CLIMATE_MODES);
export type ClimateMode = z.infer<typeof climateModeSchema>;

export const CLIMATE_ACTIONS = [
  'off',
  'idle',
  'preheating',
  'heating',
  'cooling',
  'drying',
  'fan',
  'defrosting',
] as const;
export const climateActionSchema = z.enum(CLIMATE_ACTIONS);
export type ClimateAction = z.infer<typeof climateActionSchema>;

/** Temperatures that a target can have at all, °C. A device's capabilities narrow it. */
export const TARGET_MIN_CELSIUS = 4;
export const TARGET_MAX_CELSIUS = 35;

const celsius = z.number().min(-90).max(150);
const targetCelsius = z.number().min(TARGET_MIN_CELSIUS).max(TARGET_MAX_CELSIUS);

/** What a thermostat can do, from its `info`. */
export const climateCapabilitiesSchema = z.object({
  modes: z.array(climateModeSchema).min(1).max(CLIMATE_MODES.length),
  minTarget: targetCelsius,
  maxTarget: targetCelsius,
  step: z.number().min(0.01).max(5),
  /** Least distance between `target_low` and `target_high`, °C. */
  deadband: z.number().min(0).max(10).optional(),
});
export type ClimateCapabilities = z.infer<typeof climateCapabilitiesSchema>;

/** What is assumed of a thermostat that has not published its `info` yet. */
export const DEFAULT_CLIMATE_CAPABILITIES: ClimateCapabilities = {
  modes: ['off', 'heat', 'cool', 'heat_cool'],
  minTarget: 7,
  maxTarget: 30,
  step: 0.5,
};

/** The climate part of a thermostat's reported state. */
export const climateStateSchema = z.object({
  mode: climateModeSchema,
  action: climateActionSchema,
  target: targetCelsius.nullish(),
  target_low: targetCelsius.nullish(),
  target_high: targetCelsius.nullish(),
  current: celsius.nullish(),
  /** Why it is not doing what the target asks for, in words: "compressor rest, 120 s". */
  reason: z.string().max(120).nullish(),
});
export type ClimateState = z.infer<typeof climateStateSchema>;

/** Arguments of `command/climate`, and the body of `PATCH /api/devices/:id/climate`. */
export const climateChangeSchema = z
  .strictObject({
    mode: climateModeSchema.optional(),
    target: targetCelsius.optional(),
    target_low: targetCelsius.optional(),
    target_high: targetCelsius.optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), {
    message: 'give at least one of mode, target, target_low, target_high',
  });
export type ClimateChange = z.infer<typeof climateChangeSchema>;

/** One field of a change that a thermostat cannot follow. */
export interface ClimateFault {
  readonly field: keyof ClimateChange;
  readonly message: string;
}

const MODES_WITH_TARGET: ReadonlySet<ClimateMode> = new Set(['heat', 'cool', 'auto']);

/** What of `change` is outside `capabilities`; empty when all can be done. Server, page and device share it. */
export function findClimateFaults(
  change: ClimateChange,
  capabilities: ClimateCapabilities,
): ClimateFault[] {
  const faults: ClimateFault[] = [];
  if (change.mode !== undefined && !capabilities.modes.includes(change.mode)) {
    faults.push({
      field: 'mode',
      message: `the device can do ${capabilities.modes.join(', ')}, not ${change.mode}`,
    });
  }
  for (const field of ['target', 'target_low', 'target_high'] as const) {
    const value = change[field];
    if (value === undefined) continue;
    if (value < capabilities.minTarget || value > capabilities.maxTarget) {
      faults.push({
        field,
        message: `must be between ${capabilities.minTarget} and ${capabilities.maxTarget} °C`,
      });
    }
  }
  if (change.target_low !== undefined && change.target_high !== undefined) {
    const deadband = capabilities.deadband ?? 0;
    if (change.target_low > change.target_high - deadband) {
      faults.push({
        field: 'target_low',
        message: `must be at least ${deadband} °C below target_high`,
      });
    }
  }
  return faults;
}

/** True when the reported state shows everything that the change asked for (to 0.01 °C). */
export function reflectsChange(state: ClimateState, change: ClimateChange): boolean {
  if (change.mode !== undefined && state.mode !== change.mode) return false;
  for (const field of ['target', 'target_low', 'target_high'] as const) {
    const wanted = change[field];
    if (wanted === undefined) continue;
    const reported = state[field];
    if (reported === null || reported === undefined) return false;
    if (Math.abs(reported - wanted) > 0.005) return false;
  }
  return true;
}

/** True when a single target steers this mode. */
export function modeUsesTarget(mode: ClimateMode): boolean {
  return MODES_WITH_TARGET.has(mode);
}
