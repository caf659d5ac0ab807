import { z } from 'zod';
import { deviceIdSchema } from '../ids.js';
import { readingValueSchema } from './devices.js';

const isoTime = z.iso.datetime();
/** As in `info`. */
const MAX_UNIT_LENGTH = 16;
/** A surrogate without its other half, and what is no sign that people see. */
const NO_SIGN = /[\p{Surrogate}\p{Control}]/u;

/** A metric that is not in the catalogue: accepted as it is, without a label, a range or a colour. */
const unknownMetricSchema = z.object({
  metric: z.string(),
  /** The catalogue's metric that it may be meant for; null where none comes near, or kind and unit do not fit. */
  suggestion: z.string().nullable(),
  /** The device that was heard last first. */
  series: z.array(
    z.object({
      id: z.number().int(),
      deviceId: deviceIdSchema,
      kind: z.enum(['number', 'boolean', 'text']),
      /** Empty while nobody has said. */
      unit: z.string(),
      firstSeenAt: isoTime,
      /** Device time of the newest value, as everywhere. */
      latest: z.object({ ts: z.number(), value: readingValueSchema }).nullable(),
    }),
  ),
});
export type UnknownMetric = z.infer<typeof unknownMetricSchema>;

/** A unit that a device declares in its `info`, and that cannot be converted: its values count as `kept`. */
const unknownUnitSchema = z.object({
  deviceId: deviceIdSchema,
  metric: z.string(),
  declared: z.string(),
  kept: z.string(),
});
export type UnknownUnit = z.infer<typeof unknownUnitSchema>;

/** `GET /api/metrics/unknown`. */
export const unknownMetricsSchema = z.object({
  /** By name. */
  items: z.array(unknownMetricSchema),
  /** True when there are more series of unknown metrics than are looked at. */
  isCut: z.boolean(),
  units: z.array(unknownUnitSchema),
});
export type UnknownMetrics = z.infer<typeof unknownMetricsSchema>;

/** `PATCH /api/series/:id`: says what the numbers of an unknown metric are in, where nobody has said. */
export const seriesChangeSchema = z.strictObject({
  unit: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(MAX_UNIT_LENGTH)
    .refine((unit) => !NO_SIGN.test(unit), 'holds no text'),
});
export type SeriesChange = z.output<typeof seriesChangeSchema>;
