// What other slices know of a device. The answer of the API is composed of it.
import type { Device, DeviceId, Presence, Series } from '@hearth/contracts';
import type { DeviceRow } from './device.repository.js';

/** Injection token of `SeriesSource`. */
export const SERIES_SOURCE = Symbol('SeriesSource');
export interface SeriesSource {
  forDevice(id: DeviceId): Series[];
}

/** Injection token of `PresenceSource`. */
export const PRESENCE_SOURCE = Symbol('PresenceSource');
export interface PresenceSource {
  /** Undefined for a device that presence has not heard of. */
  current(id: DeviceId): Presence | undefined;
  /** Epoch milliseconds. */
  lastSeen(id: DeviceId): number | undefined;
}

/** Injection token of `ClimateSource`. */
export const CLIMATE_SOURCE = Symbol('ClimateSource');
export interface ClimateSource {
  /** Null for what is no thermostat. */
  forDevice(device: Pick<DeviceRow, 'id' | 'kind' | 'info'>): Device['climate'];
}
