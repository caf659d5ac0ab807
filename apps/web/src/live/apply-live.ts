// Live frames applied to what the query cache holds. Pure: same in, same out; whatever did not change
// keeps its identity, so that only what changed draws again.
import { METRICS, type Device, type LiveMessage, type Series } from '@hearth/contracts';

type Frame<E extends LiveMessage['event']> = Extract<LiveMessage, { event: E }>['data'];
type LiveReading = Frame<'readings'>[number];

/** Everything that arrived since the last frame was drawn, the newest of each thing: bounded by what exists. */
export interface PendingChanges {
  readonly readings: Map<number, LiveReading>;
  readonly presence: Map<string, Frame<'presence'>>;
  readonly commands: Map<string, Frame<'command'>>;
  readonly climate: Map<string, Frame<'climate'>>;
  readonly changed: Map<string, Frame<'changed'>>;
  health: Frame<'health'> | undefined;
  ingest: Frame<'ingest'> | undefined;
}

export function noChanges(): PendingChanges {
  return {
    readings: new Map(),
    presence: new Map(),
    commands: new Map(),
    climate: new Map(),
    changed: new Map(),
    health: undefined,
    ingest: undefined,
  };
}

/** Adds a frame to what is pending; a newer one of the same thing replaces the older. */
export function gather(pending: PendingChanges, message: LiveMessage): void {
  switch (message.event) {
    case 'welcome':
      pending.health = message.data.health;
      return;
    case 'readings':
      for (const reading of message.data) pending.readings.set(reading.seriesId, reading);
      return;
    case 'presence':
      pending.presence.set(message.data.deviceId, message.data);
      return;
    case 'command':
      pending.commands.set(message.data.id, message.data);
      return;
    case 'climate':
      pending.climate.set(message.data.deviceId, message.data);
      return;
    case 'changed':
      pending.changed.set(`${message.data.what}/${message.data.deviceId ?? ''}`, message.data);
      return;
    case 'health':
      pending.health = message.data;
      return;
    case 'ingest':
      pending.ingest = message.data;
      return;
  }
}

/** Devices with the pending readings, presence and climate in them. `nowIso` is when they were heard. */
export function applyToDevices(
  devices: readonly Device[],
  pending: PendingChanges,
  nowIso: string,
): readonly Device[] {
  const readings = groupByDevice(pending.readings.values());
  let anyChanged = false;
  const next = devices.map((device) => {
    const changed = applyToDevice(device, readings.get(device.id) ?? [], pending, nowIso);
    anyChanged ||= changed !== device;
    return changed;
  });
  return anyChanged ? next : devices;
}

function groupByDevice(readings: Iterable<LiveReading>): Map<string, LiveReading[]> {
  const groups = new Map<string, LiveReading[]>();
  for (const reading of readings) {
    const group = groups.get(reading.deviceId);
    if (group === undefined) groups.set(reading.deviceId, [reading]);
    else group.push(reading);
  }
  return groups;
}

function applyToDevice(
  device: Device,
  readings: readonly LiveReading[],
  pending: PendingChanges,
  nowIso: string,
): Device {
  const presence = pending.presence.get(device.id)?.presence;
  const climate = pending.climate.get(device.id);
  if (readings.length === 0 && presence === undefined && climate === undefined) return device;
  return {
    ...device,
    lastSeenAt: readings.length > 0 ? nowIso : device.lastSeenAt,
    presence: presence ?? device.presence,
    series: readings.length > 0 ? applyToSeries(device.series, readings) : device.series,
    climate:
      climate === undefined || device.climate === null
        ? device.climate
        : { ...device.climate, state: climate.state, reportedAt: climate.reportedAt },
  };
}

function applyToSeries(series: readonly Series[], readings: readonly LiveReading[]): Series[] {
  const bySeries = new Map(readings.map((reading) => [reading.seriesId, reading]));
  const known = series.map((one) => {
    const reading = bySeries.get(one.id);
    bySeries.delete(one.id);
    if (reading === undefined || (one.latest !== null && one.latest.ts > reading.ts)) return one;
    return { ...one, latest: { ts: reading.ts, value: reading.value } };
  });
  return [...known, ...[...bySeries.values()].map(seriesSeenFirst)];
}

/** A metric that was never seen before; unit and kind are the catalogue's until the list is fetched again. */
function seriesSeenFirst(reading: LiveReading): Series {
  const definition = METRICS.get(reading.metric);
  const guess = typeof reading.value === 'string' ? 'text' : 'number';
  return {
    id: reading.seriesId,
    metric: reading.metric,
    unit: definition?.unit ?? '',
    kind: definition?.kind ?? guess,
    latest: { ts: reading.ts, value: reading.value },
  };
}

/** True when a reading belongs to a device or series that the list does not have. */
export function mentionsUnknown(devices: readonly Device[], pending: PendingChanges): boolean {
  const known = new Set(devices.flatMap((device) => device.series.map((series) => series.id)));
  return [...pending.readings.keys()].some((id) => !known.has(id));
}
