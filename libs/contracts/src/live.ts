// The live feed at /live. Frames are JSON `{ event, data }`; the server speaks, the browser listens.
import { z } from 'zod';
import { climateStateSchema } from './climate.js';
import { commandSchema } from './http/commands.js';
import { presenceSchema, readingValueSchema } from './http/devices.js';
import { healthSchema, ingestStatsSchema } from './http/health.js';

/** Updates of one client are gathered and sent at most this often, in milliseconds. */
export const LIVE_INTERVAL_MS = 100;

/** WebSocket path. */
export const LIVE_PATH = '/live';

export const liveMessageSchema = z.discriminatedUnion('event', [
  /** First frame after the connection is accepted. The page reloads its queries after a reconnect. */
  z.object({
    event: z.literal('welcome'),
    data: z.object({ serverTime: z.number(), health: healthSchema }),
  }),
  /** Newest value of each series that changed since the last frame. A metric seen for the first time has a new series id. */
  z.object({
    event: z.literal('readings'),
    data: z.array(
      z.object({
        seriesId: z.number().int(),
        deviceId: z.string(),
        metric: z.string(),
        ts: z.number(),
        value: readingValueSchema,
      }),
    ),
  }),
  z.object({
    event: z.literal('presence'),
    data: z.object({ deviceId: z.string(), presence: presenceSchema }),
  }),
  z.object({ event: z.literal('command'), data: commandSchema }),
  z.object({
    event: z.literal('climate'),
    data: z.object({
      deviceId: z.string(),
      state: climateStateSchema,
      reportedAt: z.iso.datetime(),
    }),
  }),
  /** Something about the list of devices or rooms changed: fetch again. */
  z.object({
    event: z.literal('changed'),
    data: z.object({
      what: z.enum([
        'devices',
        'rooms',
        'home',
        'integrations',
        'discovered',
        'dead-letters',
        'simulator',
        'mappings',
      ]),
      deviceId: z.string().nullable(),
    }),
  }),
  z.object({ event: z.literal('health'), data: healthSchema }),
  z.object({ event: z.literal('ingest'), data: ingestStatsSchema }),
]);
export type LiveMessage = z.infer<typeof liveMessageSchema>;
