import { z } from 'zod';
import { homeIdSchema, roomIdSchema } from '../ids.js';

const isTimeZone = (zone: string): boolean => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
};

export const timeZoneSchema = z.string().max(64).refine(isTimeZone, 'is no IANA time zone');
export const unitsSchema = z.enum(['metric', 'imperial']);
export const roleSchema = z.enum(['owner', 'member', 'viewer']);
export type Role = z.infer<typeof roleSchema>;

const nameSchema = z.string().trim().min(1, 'must not be empty').max(80);

export const homeSchema = z.object({
  id: homeIdSchema,
  name: z.string(),
  timeZone: z.string(),
  units: unitsSchema,
});
export type Home = z.infer<typeof homeSchema>;

export const homeChangeSchema = z.strictObject({
  name: nameSchema.optional(),
  timeZone: timeZoneSchema.optional(),
  units: unitsSchema.optional(),
});
export type HomeChange = z.infer<typeof homeChangeSchema>;

/** Shortest password of a person. NIST SP 800-63B asks for at least 8; length beats rules. */
export const PASSWORD_MIN_LENGTH = 10;

/** `GET /api/setup`. */
export const setupStatusSchema = z.object({ needed: z.boolean() });

/** `POST /api/setup`: the one-time token from the terminal, the owner and the home. */
export const setupRequestSchema = z.strictObject({
  token: z.string().min(1).max(128),
  owner: z.strictObject({
    name: nameSchema,
    email: z.email().max(254),
    password: z.string().min(PASSWORD_MIN_LENGTH).max(128),
  }),
  home: z.strictObject({
    name: nameSchema,
    timeZone: timeZoneSchema,
    units: unitsSchema.default('metric'),
  }),
});
export type SetupRequest = z.input<typeof setupRequestSchema>;

export const setupResponseSchema = z.object({ home: homeSchema });

/** `GET /api/me`. */
export const meSchema = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string() }),
  role: roleSchema,
  home: homeSchema,
});
export type Me = z.infer<typeof meSchema>;

export const roomSchema = z.object({
  id: roomIdSchema,
  name: z.string(),
  position: z.number().int(),
  deviceCount: z.number().int(),
});
export type Room = z.infer<typeof roomSchema>;

export const roomCreateSchema = z.strictObject({ name: nameSchema });
export const roomChangeSchema = z.strictObject({
  name: nameSchema.optional(),
  position: z.number().int().min(0).max(10_000).optional(),
});
