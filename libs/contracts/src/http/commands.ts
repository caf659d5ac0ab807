import { z } from 'zod';
import { commandIdSchema, deviceIdSchema } from '../ids.js';
import { commandNameSchema } from '../payloads/device-messages.js';

/** Life of a command, design §7. */
export const COMMAND_STATUSES = [
  'queued',
  'sent',
  'delivered',
  'accepted',
  'applied',
  'rejected',
  'expired',
  'superseded',
] as const;
export const commandStatusSchema = z.enum(COMMAND_STATUSES);
export type CommandStatus = z.infer<typeof commandStatusSchema>;

/** Statuses after which nothing more happens. */
export const FINAL_COMMAND_STATUSES: ReadonlySet<CommandStatus> = new Set([
  'applied',
  'rejected',
  'expired',
  'superseded',
]);

const isoTime = z.iso.datetime();

export const commandSchema = z.object({
  id: commandIdSchema,
  deviceId: deviceIdSchema,
  name: z.string(),
  args: z.record(z.string(), z.json()),
  status: commandStatusSchema,
  /** Why it was rejected or expired, in words. */
  reason: z.string().nullable(),
  requestedBy: z.string(),
  createdAt: isoTime,
  sentAt: isoTime.nullable(),
  deliveredAt: isoTime.nullable(),
  acceptedAt: isoTime.nullable(),
  finishedAt: isoTime.nullable(),
  expiresAt: isoTime,
});
export type Command = z.infer<typeof commandSchema>;

/** Longest and usual time that a command may take, in seconds. */
export const COMMAND_TIMEOUT_DEFAULT_SECONDS = 15;
export const COMMAND_TIMEOUT_MAX_SECONDS = 3_600;

/** `POST /api/devices/:id/commands`. */
export const commandCreateSchema = z.strictObject({
  name: commandNameSchema,
  args: z.record(z.string().max(64), z.json()).default({}),
  timeoutSeconds: z
    .number()
    .int()
    .min(1)
    .max(COMMAND_TIMEOUT_MAX_SECONDS)
    .default(COMMAND_TIMEOUT_DEFAULT_SECONDS),
});
export type CommandCreate = z.input<typeof commandCreateSchema>;

/** Answer of `PATCH /api/devices/:id/climate` and of a posted command: 202, the command on its way. */
export const commandAcceptedSchema = z.object({ command: commandSchema });
