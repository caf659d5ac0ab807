// What a mapping would make of a message. Nothing is stored, counted or remembered.
import type { DeviceId } from '@hearth/contracts';
import { mappingMatches, type CompiledMapping } from './mapping-book.js';
import type { KnownDevice, Reading, Received } from './message.js';
import type { DeviceLookup } from './ports.js';
import { Refusal } from './refusal.js';
import { SeriesBook } from './series-book.js';
import { identify } from './steps/identify.js';
import { map } from './steps/map.js';
import { normalise } from './steps/normalise.js';
import { parseMapped } from './steps/parse-mapped.js';

export interface Trial {
  readonly deviceId: DeviceId | undefined;
  readonly readings: readonly Reading[];
  readonly refusal: Refusal | undefined;
}

/** Undefined when the mapping's filter does not match the topic. `book` is only read. */
export function tryMapping(
  { message, sender }: Received,
  mapping: CompiledMapping,
  devices: DeviceLookup,
  book: SeriesBook,
): Trial | undefined {
  if (!mappingMatches(mapping, message.topic.split('/'))) return undefined;
  const mapped = map({ to: 'foreign', message, sender }, mapping);
  if (mapped instanceof Refusal) return refused(undefined, mapped);
  const { deviceId } = mapped;
  const parsed = parseMapped(mapped);
  if (parsed instanceof Refusal) return refused(deviceId, parsed);
  const isMade = mapping.source.createKind !== null && devices.findDevice(deviceId) === undefined;
  const device = isMade
    ? { id: deviceId, homeId: sender.homeId }
    : identify(deviceId, sender, devices);
  if (device instanceof Refusal) return refused(deviceId, device);
  const normalised = normalise({ ...parsed, device }, copyOf(device, book));
  if (normalised instanceof Refusal) return refused(deviceId, normalised);
  return { deviceId, readings: normalised.readings, refusal: undefined };
}

function refused(deviceId: DeviceId | undefined, refusal: Refusal): Trial {
  return { deviceId, readings: [], refusal };
}

/** The series of one device, with the units and kinds that they have, and none of what was stored in them. */
function copyOf({ id: deviceId, homeId }: KnownDevice, book: SeriesBook): SeriesBook {
  const copy = new SeriesBook(book.maxPerDevice);
  copy.keepFrom(homeId, book.keptFrom(homeId));
  for (const { id, metric, kind, unit } of book.list(deviceId)) {
    copy.load({ id, deviceId, metric, kind, unit, latest: undefined });
  }
  return copy;
}
