import { z } from 'zod';
import { deviceIdSchema } from '../ids.js';
import { presenceSchema, seriesSchema } from './devices.js';
import { bucketSchema } from './history.js';

/** A series with its newest value and how old that is. */
export const latestReadingSchema = seriesSchema.extend({
  deviceId: deviceIdSchema,
  /** Milliseconds since `latest`; null without one. Below zero for a device whose clock is ahead. */
  ageMs: z.number().nullable(),
});
export type LatestReading = z.infer<typeof latestReadingSchema>;

/** `GET /api/home/latest`. `at` is the server's time, epoch milliseconds. */
export const latestReadingsSchema = z.object({
  at: z.number(),
  series: z.array(latestReadingSchema),
});

/** Most hours that sparklines go back. */
export const MAX_OVERVIEW_HOURS = 48;

/** `GET /api/home/overview`. */
export const overviewQuerySchema = z.object({
  hours: z.coerce.number().int().min(1).max(MAX_OVERVIEW_HOURS).default(24),
});

export const homeOverviewSchema = z.object({
  /** The server's time, epoch milliseconds. */
  at: z.number(),
  /** Where sparklines begin, and the width of their buckets in milliseconds. */
  from: z.number(),
  bucketMs: z.number(),
  devices: z.array(
    z.object({
      id: deviceIdSchema,
      name: z.string(),
      presence: presenceSchema.nullable(),
      lastSeenAt: z.iso.datetime().nullable(),
    }),
  ),
  /** Devices that should be there and are not. */
  offline: z.array(deviceIdSchema),
  /** Sparklines of numbers and booleans; empty for texts. */
  series: z.array(latestReadingSchema.extend({ sparkline: z.array(bucketSchema) })),
});
export type HomeOverview = z.infer<typeof homeOverviewSchema>;
