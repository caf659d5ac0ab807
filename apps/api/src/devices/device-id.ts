import { deviceIdSchema, type DeviceId } from '@hearth/contracts';

/** Room for the suffix within the 63 characters of a device id. */
const MAX_SLUG_LENGTH = 50;

/** An id that says what the device is: "Küche (Süd)" and `4f2a` make `kuche-sud-4f2a`. */
export function deviceIdFrom(name: string, suffix: string): DeviceId {
  const slug = name
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG_LENGTH)
    .replaceAll(/^-+|-+$/g, '');
  return deviceIdSchema.parse(`${slug || 'device'}-${suffix}`);
}

/** A name for people: `living-room` is called "Living room". */
export function nameFrom(id: DeviceId): string {
  const words = id.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
