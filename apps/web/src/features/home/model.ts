// The home as the overview shows it: what matters for the whole house, then room by room. Pure.
import type { Device, Room, Series } from '@hearth/contracts';
import { metricLabel } from '../../format/quantity';
import { inReadingOrder, isTechnical } from '../readings/model';

/** A series in its place: which device reports it, and what it is called there. */
export interface Reading {
  readonly device: Device;
  readonly series: Series;
  readonly title: string;
}

export interface RoomView {
  /** Null for devices that are in no room. */
  readonly room: Room | null;
  /** Numbers, the most important first. */
  readonly readings: readonly Reading[];
  /** Open or closed, wet or dry: words rather than numbers. */
  readonly states: readonly Reading[];
  readonly thermostats: readonly Device[];
  /** Devices that should be heard and are not. */
  readonly silent: readonly Device[];
  /** Devices that have nothing to show yet. */
  readonly quiet: readonly Device[];
}

export interface HomeView {
  readonly headline: readonly Reading[];
  readonly rooms: readonly RoomView[];
}

const HEADLINE_METRICS = ['outdoor_temperature', 'power', 'energy'];

/** True for devices that measure the house as a whole rather than a room. */
function isOfTheHouse(device: Device): boolean {
  return device.kind === 'energy-meter' || device.kind === 'controller';
}

export function isSilent(device: Device): boolean {
  return device.presence.state === 'offline' || device.presence.state === 'flapping';
}

/** The whole overview out of the two lists. Rooms without devices are left out. */
export function viewHome(devices: readonly Device[], rooms: readonly Room[]): HomeView {
  const groups = new Map<string | null, Device[]>(rooms.map((room) => [room.id, []]));
  for (const device of devices) {
    const key = device.roomId !== null && groups.has(device.roomId) ? device.roomId : null;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [device]);
    else group.push(device);
  }
  const byId = new Map<string, Room>(rooms.map((room) => [room.id, room]));
  const views = [...groups]
    .map(([id, members]) => viewRoom(id === null ? null : (byId.get(id) ?? null), members))
    .filter((view) => !isBare(view));
  return { headline: headlineOf(devices), rooms: views };
}

function isBare(view: RoomView): boolean {
  const { readings, states, thermostats, silent, quiet } = view;
  return [readings, states, thermostats, silent, quiet].every((list) => list.length === 0);
}

function headlineOf(devices: readonly Device[]): Reading[] {
  const candidates = devices.filter(isOfTheHouse).flatMap(readingsOf);
  return HEADLINE_METRICS.flatMap((metric) =>
    candidates
      .filter((reading) => reading.series.metric === metric && reading.series.latest !== null)
      .slice(0, 1)
      .map((reading) => ({
        ...reading,
        title: metric === 'outdoor_temperature' ? 'Outside' : reading.title,
      })),
  );
}

function viewRoom(room: Room | null, devices: readonly Device[]): RoomView {
  const inRoom = devices.filter((device) => !isOfTheHouse(device));
  const candidates = inRoom.flatMap(readingsOf).filter(({ series }) => series.latest !== null);
  const sensed = new Set(
    candidates
      .filter(({ device }) => device.kind !== 'thermostat')
      .map(({ series }) => series.metric),
  );
  const shown = candidates.filter(
    // A room's own sensor knows better than the thermostat on its wall.
    ({ device, series }) => device.kind !== 'thermostat' || !sensed.has(series.metric),
  );
  return {
    room,
    readings: titled(
      shown.filter(({ series }) => series.kind === 'number'),
      room,
    ),
    states: titled(
      shown.filter(({ series }) => series.kind !== 'number'),
      room,
    ),
    thermostats: inRoom.filter((device) => device.climate !== null),
    silent: devices.filter(isSilent),
    quiet: inRoom.filter((device) => device.series.every((series) => series.latest === null)),
  };
}

function readingsOf(device: Device): Reading[] {
  return device.series
    .filter((series) => !isTechnical(series.metric))
    .map((series) => ({ device, series, title: metricLabel(series.metric) }));
}

/** In reading order; where a metric appears twice, the device's name tells which is which. */
function titled(readings: readonly Reading[], room: Room | null): Reading[] {
  const order = inReadingOrder(readings.map(({ series }) => series));
  const counts = new Map<string, number>();
  for (const { series } of readings)
    counts.set(series.metric, (counts.get(series.metric) ?? 0) + 1);
  return [...readings]
    .sort((a, b) => order.indexOf(a.series) - order.indexOf(b.series))
    .map((reading) =>
      (counts.get(reading.series.metric) ?? 0) > 1 || reading.series.kind !== 'number'
        ? { ...reading, title: nameInRoom(reading.device, room) }
        : reading,
    );
}

/** A device's name where its room stands above it: `Living room window` → `Window`. */
export function nameInRoom(device: Device, room: Room | null): string {
  if (room === null) return device.name;
  const { name } = device;
  if (!name.toLowerCase().startsWith(`${room.name.toLowerCase()} `)) return name;
  const rest = name.slice(room.name.length).trim();
  return rest === '' ? name : rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** The first sentence of the page: how the house is doing. */
export function describeHouse(devices: readonly Device[]): string {
  const silent = devices.filter(isSilent);
  const waiting = devices.filter((device) => device.presence.state === 'never-seen');
  const [first, second] = silent;
  if (first !== undefined) {
    if (second === undefined) return `${first.name} is offline.`;
    if (silent.length === 2) return `${first.name} and ${second.name} are offline.`;
    return `${silent.length} of ${devices.length} devices are offline.`;
  }
  if (waiting.length === devices.length) return 'Waiting for the first reading.';
  if (waiting.length > 0) return `All is well. ${count(waiting.length, 'device')} not seen yet.`;
  return devices.length === 1 ? 'All is well.' : `All is well. ${devices.length} devices are here.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
