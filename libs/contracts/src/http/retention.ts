import { z } from 'zod';

/**
 * Shortest time that history is kept, in days. Boards send late what they buffered, for days, and days become pages after a
 * week: until then nothing can be given up.
 */
export const MIN_RETENTION_DAYS = 14;
/** Longest, short of for ever: a hundred years. */
export const MAX_RETENTION_DAYS = 36_525;

/** Days; null keeps for ever. */
const keptDaysSchema = z.number().int().min(MIN_RETENTION_DAYS).max(MAX_RETENTION_DAYS).nullable();

/** How long a home keeps what, in days; null for ever. */
export const retentionSettingsSchema = z.strictObject({
  /** Every reading, and the minutes and quarters of an hour that are computed from them. */
  fullDetailDays: keptDaysSchema,
  /** Minimum, maximum, mean and count of each hour. */
  hourlyDays: keptDaysSchema,
  /** The same of each day. */
  dailyDays: keptDaysSchema,
  /** Changes of text values. */
  stateDays: keptDaysSchema,
  /** Who was online when, and commands. */
  eventDays: keptDaysSchema,
});
export type RetentionSettings = z.infer<typeof retentionSettingsSchema>;
export type RetentionField = keyof RetentionSettings;

/** `PATCH /api/home/retention`. */
export const retentionChangeSchema = retentionSettingsSchema.partial();
export type RetentionChange = z.infer<typeof retentionChangeSchema>;

const previewDaysSchema = z
  .union([z.literal('forever'), z.coerce.number().int()])
  .transform((days) => (days === 'forever' ? null : days))
  .pipe(keptDaysSchema)
  .optional();

/** `GET /api/home/retention/preview`: what a change would do; `forever` for no end. */
export const retentionPreviewQuerySchema = z.strictObject({
  fullDetailDays: previewDaysSchema,
  hourlyDays: previewDaysSchema,
  dailyDays: previewDaysSchema,
  stateDays: previewDaysSchema,
  eventDays: previewDaysSchema,
});

/** In full detail for so long, days. 50 readings a second are 30 GB in ten years then; the typical home is a tenth of it. */
const FIVE_YEARS = 1_826;
export const DEFAULT_RETENTION: RetentionSettings = {
  fullDetailDays: FIVE_YEARS,
  hourlyDays: null,
  dailyDays: null,
  stateDays: FIVE_YEARS,
  /** A year and a bit: this winter can be compared with the last. */
  eventDays: 400,
};

const bytesSchema = z.number().nonnegative();

/** What the home will need if it goes on as in the last days. */
const storageForecastSchema = z.object({
  inOneYear: bytesSchema,
  inFiveYears: bytesSchema,
  inTenYears: bytesSchema,
  /** What it grows to and then keeps to; null when something is kept for ever. */
  atMost: bytesSchema.nullable(),
  /** What is kept for ever grows by so much a year. */
  growthPerYear: bytesSchema,
});
export type StorageForecast = z.infer<typeof storageForecastSchema>;

/** `GET /api/home/retention`. Times are epoch milliseconds; sizes are estimates. */
export const homeRetentionSchema = z.object({
  settings: retentionSettingsSchema,
  /** What is stored now, by the setting that it goes by. */
  stored: z.object({
    bytes: bytesSchema,
    by: z.record(
      retentionSettingsSchema.keyof(),
      z.object({ bytes: bytesSchema, oldest: z.number().nullable() }),
    ),
  }),
  /** Of the last seven days; null until an hour is over. */
  readingsPerHour: z.number().nonnegative().nullable(),
  /** Null until the rate is known. */
  forecast: storageForecastSchema.nullable(),
  /** Readings of before are gone, and late ones are refused; null while nothing was removed. */
  detailFrom: z.number().nullable(),
  /** What is being removed at this moment, in rows; the total is 0 until it is known. Null when nothing is. */
  removal: z
    .object({ removed: z.number().int().nonnegative(), total: z.number().int().nonnegative() })
    .nullable(),
});
export type HomeRetention = z.infer<typeof homeRetentionSchema>;

export const retentionPreviewSchema = z.object({
  settings: retentionSettingsSchema,
  forecast: storageForecastSchema.nullable(),
  /** What would be removed that is there now. */
  removes: z.array(
    z.object({
      setting: retentionSettingsSchema.keyof(),
      /** Everything of before. */
      before: z.number(),
      bytes: bytesSchema,
    }),
  ),
});
export type RetentionPreview = z.infer<typeof retentionPreviewSchema>;
