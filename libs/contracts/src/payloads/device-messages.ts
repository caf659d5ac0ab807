// Payloads of the native topics other than telemetry (telemetry is parsed by hand: it is the hot path).
import { z } from 'zod';
import { climateCapabilitiesSchema, climateStateSchema } from '../climate.js';
import { commandIdSchema } from '../ids.js';
import { METRIC_NAME_PATTERN } from '../metrics.js';

/** `hearth/<d>/status`, plain text. */
export const statusPayloadSchema = z.enum(['online', 'offline']);
export type StatusPayload = z.infer<typeof statusPayloadSchema>;

const text = z.string().trim().max(120);

/** Command names: also a topic level, so no slash and no wildcard. */
export const commandNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'use up to 32 lower-case letters, digits and hyphens');

/** `hearth/<d>/info`. */
export const infoPayloadSchema = z.object({
  model: text.optional(),
  firmware: text.optional(),
  /** Seconds between two regular reports; a device that misses two is late. */
  interval: z.number().min(0.1).max(86_400).optional(),
  /** True for battery nodes that disconnect between reports. */
  sleeps: z.boolean().optional(),
  metrics: z
    .array(
      z.object({
        name: z.string().regex(METRIC_NAME_PATTERN),
        unit: z.string().max(16).optional(),
      }),
    )
    .max(64)
    .optional(),
  climate: climateCapabilitiesSchema.optional(),
  /** Names of the commands that the device takes. */
  commands: z.array(commandNameSchema).max(32).optional(),
});
export type InfoPayload = z.infer<typeof infoPayloadSchema>;

/** `hearth/<d>/state`. */
export const statePayloadSchema = z.object({
  /** The desired version that this state reflects. */
  version: z.number().int().min(0).optional(),
  climate: climateStateSchema.optional(),
});
export type StatePayload = z.infer<typeof statePayloadSchema>;

/** `hearth/<d>/command/<name>`. `expiresAt` is epoch milliseconds; a device drops what is past it. */
export const commandPayloadSchema = z.object({
  id: commandIdSchema,
  args: z.record(z.string().max(64), z.json()),
  expiresAt: z.number().int().positive(),
});
export type CommandPayload = z.infer<typeof commandPayloadSchema>;

/** `hearth/<d>/response`. */
export const responsePayloadSchema = z.object({
  id: commandIdSchema,
  status: z.enum(['accepted', 'applied', 'rejected']),
  reason: z.string().max(240).optional(),
});
export type ResponsePayload = z.infer<typeof responsePayloadSchema>;
