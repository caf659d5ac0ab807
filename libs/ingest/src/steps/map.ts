// Step 2, only of topics that are not ours: which device does the mapping of a topic mean?
import { fillTemplate, isDeviceId } from '@hearth/contracts';
import type { CompiledMapping } from '../mapping-book.js';
import type { AddressedForeign, MappedTelemetry } from '../message.js';
import { quote, Refusal } from '../refusal.js';

/** Room of a device id. */
const MAX_DEVICE_ID_LENGTH = 63;
/** A level longer than this is no name of a device: it is not worth the work. */
const MAX_LEVEL_LENGTH = 256;

/** Applies a mapping to a message on a topic that its filter matches. */
export function map(
  { message, sender }: AddressedForeign,
  mapping: CompiledMapping,
): MappedTelemetry | Refusal {
  const levels = nameLevels(mapping, message.topic);
  const { device } = mapping.source;
  const deviceId = fillTemplate(device, (name) => toIdPart(levels.get(name) ?? ''));
  const trimmed = deviceId.replaceAll(/^-+|-+$/g, '').slice(0, MAX_DEVICE_ID_LENGTH);
  const isFilled = [...device.matchAll(/\{(\w+)\}/g)].every(
    ([, name = '']) => toIdPart(levels.get(name) ?? '') !== '',
  );
  if (!isFilled || !isDeviceId(trimmed) || trimmed.length < deviceId.length) {
    return new Refusal('bad-device-id', `${quote(message.topic)} gives no device id`);
  }
  return {
    to: 'telemetry',
    message,
    sender,
    deviceId: trimmed,
    metric: undefined,
    mapping,
    levels,
  };
}

/** What stands where the filter has names. */
function nameLevels({ levels }: CompiledMapping, topic: string): ReadonlyMap<string, string> {
  const parts = topic.split('/');
  const named = new Map<string, string>();
  for (const [index, level] of levels.entries()) {
    if (level.type === 'any' && level.name !== undefined) named.set(level.name, parts[index] ?? '');
  }
  return named;
}

/** A level as part of a device id: `Küche (Süd)` is `kuche-sud`. */
function toIdPart(level: string): string {
  if (level.length > MAX_LEVEL_LENGTH) return '';
  return level
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}
