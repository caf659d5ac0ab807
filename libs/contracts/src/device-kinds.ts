import { z } from 'zod';

/** Kinds of device that Hearth knows. `sensor` is the generic one; `controller` steers a simulated house. */
export const DEVICE_KINDS = [
  'climate-node',
  'thermostat',
  'energy-meter',
  'contact',
  'motion',
  'leak',
  'sensor',
  'controller',
] as const;

export const deviceKindSchema = z.enum(DEVICE_KINDS);
export type DeviceKind = z.infer<typeof deviceKindSchema>;

export interface DeviceKindDefinition {
  readonly label: string;
  readonly description: string;
  /** Metrics that a device of this kind usually publishes, the most important first. */
  readonly metrics: readonly string[];
}

export const DEVICE_KIND_DEFINITIONS: Readonly<Record<DeviceKind, DeviceKindDefinition>> = {
  'climate-node': {
    label: 'Climate node',
    description: 'Temperature, humidity and air quality of a room.',
    metrics: ['temperature', 'humidity', 'co2'],
  },
  thermostat: {
    label: 'Thermostat',
    description: 'Heats and cools a room to a target.',
    metrics: ['temperature', 'target_temperature', 'heating', 'cooling', 'power'],
  },
  'energy-meter': {
    label: 'Energy meter',
    description: 'Power and energy of the house.',
    metrics: ['power', 'energy', 'voltage'],
  },
  contact: {
    label: 'Contact',
    description: 'A door or a window.',
    metrics: ['contact', 'battery'],
  },
  motion: { label: 'Motion', description: 'Movement in a room.', metrics: ['motion', 'battery'] },
  leak: { label: 'Leak', description: 'Water on the floor.', metrics: ['leak', 'battery'] },
  sensor: { label: 'Sensor', description: 'Anything that publishes readings.', metrics: [] },
  controller: {
    label: 'House controller',
    description: 'Weather and faults of a simulated house.',
    metrics: ['outdoor_temperature'],
  },
};
