// Which devices a list shows, and in which order. Pure.
import { DEVICE_KIND_DEFINITIONS, type Device, type Room, type Series } from '@hearth/contracts';
import { inDeviceOrder, isTechnical } from '../readings/model';

const FILTERS = ['all', 'online', 'attention', 'waiting'] as const;
export type Filter = (typeof FILTERS)[number];

/** What a filter lets through. */
export function passes(device: Device, filter: Filter): boolean {
  const { state } = device.presence;
  if (filter === 'online') return state === 'online';
  if (filter === 'attention')
    return state === 'offline' || state === 'late' || state === 'flapping' || state === 'unknown';
  if (filter === 'waiting') return state === 'never-seen';
  return true;
}

/** True when every word of the search is somewhere in the name, id, kind, room or model. */
export function matches(device: Device, room: Room | undefined, search: string): boolean {
  const text = [
    device.name,
    device.id,
    DEVICE_KIND_DEFINITIONS[device.kind].label,
    device.model ?? '',
    room?.name ?? '',
  ]
    .join(' ')
    .toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const ATTENTION_FIRST: readonly Device['presence']['state'][] = [
  'offline',
  'flapping',
  'late',
  'unknown',
  'never-seen',
  'online',
];

/** Devices that need a look first, then by name. */
export function inListOrder(devices: readonly Device[]): Device[] {
  const rank = (device: Device) => ATTENTION_FIRST.indexOf(device.presence.state);
  return [...devices].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/** The few series that say most about a device, for its line in the list. */
export function keySeries(device: Device, most: number): Series[] {
  const wanted = inDeviceOrder(device).filter((series) => series.latest !== null);
  // A thermostat's technical values are what it is about.
  if (device.kind === 'thermostat') return wanted.slice(0, most);
  return wanted.filter((series) => !isTechnical(series.metric)).slice(0, most);
}
