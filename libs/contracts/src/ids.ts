import { z } from 'zod';

/** Device id: the level `<d>` of `hearth/<d>/…` and the device's MQTT user name. */
export const DEVICE_ID_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** A device's id. Lower-case letters, digits and hyphens, 1 to 63 characters: safe in topics, URLs and host names. */
export const deviceIdSchema = z
  .string()
  .regex(DEVICE_ID_PATTERN, 'use 1 to 63 lower-case letters, digits and hyphens')
  .brand<'DeviceId'>();
export type DeviceId = z.infer<typeof deviceIdSchema>;

/** True when `text` may stand as `<d>` in a topic. */
export function isDeviceId(text: string): text is DeviceId {
  return DEVICE_ID_PATTERN.test(text);
}

export const homeIdSchema = z.uuid().brand<'HomeId'>();
export type HomeId = z.infer<typeof homeIdSchema>;

export const roomIdSchema = z.uuid().brand<'RoomId'>();
export type RoomId = z.infer<typeof roomIdSchema>;

export const commandIdSchema = z.uuid().brand<'CommandId'>();
export type CommandId = z.infer<typeof commandIdSchema>;

/** A series (one metric of one device) is a small integer: it is repeated in every stored row. */
export const seriesIdSchema = z.coerce.number().int().positive().max(2_147_483_647);

/** Most series that one request names, so that an address stays one; a whole home has no such bound. */
export const MAX_NAMED_SERIES = 50;

/** `1,2,3`: ids of series, each once. */
export const seriesIdListSchema = z
  .string()
  .max(600)
  .transform((text): unknown[] => text.split(','))
  .pipe(z.array(seriesIdSchema).min(1).max(MAX_NAMED_SERIES))
  .transform((ids) => [...new Set(ids)]);
