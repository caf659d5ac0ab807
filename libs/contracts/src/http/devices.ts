import { z } from 'zod';
import { climateCapabilitiesSchema, climateStateSchema } from '../climate.js';
import { deviceKindSchema } from '../device-kinds.js';
import { deviceIdSchema, roomIdSchema } from '../ids.js';

/** Presence, design §6. `unknown` only after a server restart, until the device is heard or its grace time ends. */
export const PRESENCE_STATES = [
  'online',
  'late',
  'offline',
  'flapping',
  'never-seen',
  'unknown',
] as const;
export const presenceStateSchema = z.enum(PRESENCE_STATES);
export type PresenceState = z.infer<typeof presenceStateSchema>;

export const PRESENCE_CAUSES = [
  'connected',
  'birth',
  'will',
  'connection-lost',
  'keep-alive-timeout',
  'clean-disconnect',
  'protocol-error',
  'taken-over',
  'kicked',
  'server-stop',
  'server-restart',
  'missed-interval',
  'reported',
  'registered',
] as const;
export const presenceCauseSchema = z.enum(PRESENCE_CAUSES);
export type PresenceCause = z.infer<typeof presenceCauseSchema>;

const isoTime = z.iso.datetime();

export const presenceSchema = z.object({
  state: presenceStateSchema,
  cause: presenceCauseSchema,
  since: isoTime,
});
export type Presence = z.infer<typeof presenceSchema>;

/** Numbers, booleans as 0 or 1, or text. */
export const readingValueSchema = z.union([z.number(), z.string()]);

export const seriesSchema = z.object({
  id: z.number().int(),
  metric: z.string(),
  unit: z.string(),
  kind: z.enum(['number', 'boolean', 'text']),
  latest: z.object({ ts: z.number(), value: readingValueSchema }).nullable(),
});
export type Series = z.infer<typeof seriesSchema>;

export const deviceSchema = z.object({
  id: deviceIdSchema,
  name: z.string(),
  kind: deviceKindSchema,
  roomId: roomIdSchema.nullable(),
  simulated: z.boolean(),
  model: z.string().nullable(),
  firmware: z.string().nullable(),
  /** Declared seconds between reports, where the device said so. */
  intervalSeconds: z.number().nullable(),
  createdAt: isoTime,
  lastSeenAt: isoTime.nullable(),
  presence: presenceSchema,
  /** How far its clock is ahead, in milliseconds, negative for behind; null while it is right, or says nothing. */
  clockOffsetMs: z.number().int().nullable(),
  series: z.array(seriesSchema),
  /** Thermostats only. */
  climate: z
    .object({
      capabilities: climateCapabilitiesSchema,
      state: climateStateSchema.nullable(),
      reportedAt: isoTime.nullable(),
    })
    .nullable(),
});
export type Device = z.infer<typeof deviceSchema>;

const nameSchema = z.string().trim().min(1, 'must not be empty').max(80);

/** `POST /api/devices`. Without `id`, one is made from the name. */
export const deviceCreateSchema = z.strictObject({
  name: nameSchema,
  kind: deviceKindSchema,
  id: deviceIdSchema.optional(),
  roomId: roomIdSchema.nullish(),
});
export type DeviceCreate = z.input<typeof deviceCreateSchema>;

export const deviceChangeSchema = z.strictObject({
  name: nameSchema.optional(),
  roomId: roomIdSchema.nullish(),
});
export type DeviceChange = z.input<typeof deviceChangeSchema>;

/** How a device connects; shown once with its secret. */
export const deviceCredentialsSchema = z.object({
  username: z.string(),
  secret: z.string(),
  mqttPort: z.number().int(),
});

/** Answer of register and rotate: the only time that the secret is shown. */
export const deviceWithSecretSchema = z.object({
  device: deviceSchema,
  credentials: deviceCredentialsSchema,
});
export type DeviceWithSecret = z.infer<typeof deviceWithSecretSchema>;

/** `GET /api/devices/:id/presence?from&to`: changes in the range, the one in force at `from` first. */
export const presenceTimelineSchema = z.object({
  changes: z.array(
    z.object({ at: isoTime, state: presenceStateSchema, cause: presenceCauseSchema }),
  ),
  /** Share of the range spent online (0–1); null when nothing is known of it. */
  uptime: z.number().min(0).max(1).nullable(),
});
export type PresenceTimeline = z.infer<typeof presenceTimelineSchema>;

/** `ts`: a time that the device gave a reading, epoch milliseconds, to learn when that arrived. */
export const deviceClockQuerySchema = z.object({
  ts: z.coerce.number().int().min(0).max(253_402_300_799_999).optional(),
});

/** `GET /api/devices/:id/clock`: when the times that the device gave differed from those of arrival. */
export const deviceClockSchema = z.object({
  /** As in the device. */
  offsetMs: z.number().int().nullable(),
  /**
   * The newest first. A reading of a device time from `deviceFrom` to `deviceTo` arrived as far along from `from` to `to`.
   * What lies in none of them arrived at its time, give or take ten seconds.
   */
  stretches: z.array(
    z.object({
      /** Arrival of its first and its last message. */
      from: isoTime,
      to: isoTime,
      deviceFrom: isoTime,
      deviceTo: isoTime,
      messages: z.number().int(),
      /** How far the clock was ahead at its end, negative for behind; null when the messages only came late. */
      offsetMs: z.number().int().nullable(),
    }),
  ),
  /**
   * When a reading of the time in the query arrived. More than one where the device gave that time more than once; none
   * without a query.
   */
  arrivals: z.array(isoTime),
});
export type DeviceClock = z.infer<typeof deviceClockSchema>;
