// Whether a thermostat can follow a change. Pure; the dashboard asks the same function of contracts.
import {
  climateChangeSchema,
  DEFAULT_CLIMATE_CAPABILITIES,
  findClimateFaults,
  type ClimateCapabilities,
  type ClimateChange,
  type ClimateState,
  type DeviceKind,
  type InfoPayload,
} from '@hearth/contracts';
import type { FieldFault } from '../common/domain-error.js';

/** What a device says that it can do; undefined for what is no thermostat. */
export function climateCapabilities(device: {
  readonly kind: DeviceKind;
  readonly info: InfoPayload | null | undefined;
}): ClimateCapabilities | undefined {
  if (device.info?.climate) return device.info.climate;
  return device.kind === 'thermostat' ? DEFAULT_CLIMATE_CAPABILITIES : undefined;
}

/**
 * Each field of `change` that the device cannot follow. A lone `target_low` or `target_high` is judged
 * together with the other end as `reported`.
 */
export function climateFaults(
  change: ClimateChange,
  capabilities: ClimateCapabilities,
  reported: ClimateState | undefined,
): FieldFault[] {
  const faults = findClimateFaults(change, capabilities);
  if (faults.length > 0) return [...faults];
  const { target_low: low, target_high: high } = change;
  if ((low === undefined) === (high === undefined)) return [];
  const otherLow = low ?? reported?.target_low ?? undefined;
  const otherHigh = high ?? reported?.target_high ?? undefined;
  if (otherLow === undefined || otherHigh === undefined) return [];
  const range = findClimateFaults({ target_low: otherLow, target_high: otherHigh }, capabilities);
  if (range.length === 0) return [];
  const deadband = capabilities.deadband ?? 0;
  return [
    low === undefined
      ? { field: 'target_high', message: `must be at least ${deadband} °C above ${otherLow} °C` }
      : { field: 'target_low', message: `must be at least ${deadband} °C below ${otherHigh} °C` },
  ];
}

/** The same for the untyped arguments of a posted command. */
export function climateArgumentFaults(
  args: unknown,
  capabilities: ClimateCapabilities,
): FieldFault[] {
  const parsed = climateChangeSchema.safeParse(args);
  if (parsed.success) return climateFaults(parsed.data, capabilities, undefined);
  return parsed.error.issues.map(({ path, message }) => ({
    field: path.map(String).join('.'),
    message,
  }));
}
