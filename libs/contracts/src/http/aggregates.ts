import { z } from 'zod';

export const AGGREGATE_KINDS = ['energy', 'degree-hours', 'duty-cycle', 'daily'] as const;

/** Longest range of one answer: ten years and some days. A day of it is an entry. */
export const MAX_AGGREGATE_RANGE_MS = 3_700 * 24 * 3_600_000;

/** Indoor temperature below which a house is heated where nobody says another, °C; what degree days in Europe are told for. */
export const DEFAULT_BASE_CELSIUS = 15;

/**
 * `GET /api/series/:id/aggregate`. `from` and `to` are epoch milliseconds; the answer has every whole day, week or month, as the
 * home's time zone counts them, that has a moment in the range.
 */
export const aggregateQuerySchema = z
  .object({
    kind: z.enum(AGGREGATE_KINDS),
    from: z.coerce.number().int(),
    to: z.coerce.number().int(),
    per: z.enum(['day', 'week', 'month']).default('day'),
    /** For degree hours: the temperature that they are counted from, °C. */
    base: z.coerce.number().min(-90).max(150).default(DEFAULT_BASE_CELSIUS),
    /** For a duty cycle of texts: those that count as on, with commas between them. */
    on: z
      .string()
      .max(1_000)
      .default('heating,preheating,on,true')
      .transform((text) => text.split(',')),
    /** For a meter: where it begins again at zero by itself. Without it, a fall is a reset. */
    rollover: z.coerce.number().positive().optional(),
    /** Seconds between two readings beyond which nothing is known of the time between them. */
    gap: z.coerce
      .number()
      .int()
      .min(60)
      .max(7 * 86_400)
      .optional(),
  })
  .refine((query) => query.from < query.to, { message: 'must be before to', path: ['from'] })
  .refine((query) => query.to - query.from <= MAX_AGGREGATE_RANGE_MS, {
    message: 'must be at most ten years after from',
    path: ['to'],
  });
export type AggregateQuery = z.input<typeof aggregateQuerySchema>;

const PERIOD = {
  /** First day of the period on the home's calendar, `2026-03-29`. */
  date: z.string(),
  /** Epoch milliseconds; `to` is the first moment of the next. */
  from: z.number(),
  to: z.number(),
};
/** Share of the period (0–1) of which the value is known. */
const covered = z.number().min(0).max(1);

const ANSWER = {
  seriesId: z.number().int(),
  timeZone: z.string(),
  per: z.enum(['day', 'week', 'month']),
  /** Unit of the values. */
  unit: z.string(),
  /** What it was computed from: single readings, or roll-ups of this width where readings would be too many. */
  from: z.enum(['readings', 'quarter', 'hour', 'day']),
};

export const aggregateSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('energy'),
    ...ANSWER,
    /** kWh, or what else the meter counts; null where nothing is known. */
    periods: z.array(z.object({ ...PERIOD, amount: z.number().nullable() })),
  }),
  z.object({
    kind: z.literal('degree-hours'),
    ...ANSWER,
    base: z.number(),
    /** Kelvin hours below and above the base. A 24th of them are degree days. */
    periods: z.array(
      z.object({ ...PERIOD, covered, heating: z.number().min(0), cooling: z.number().min(0) }),
    ),
  }),
  z.object({
    kind: z.literal('duty-cycle'),
    ...ANSWER,
    /** Share of the known time that it was on; null when none is known. */
    periods: z.array(z.object({ ...PERIOD, covered, share: z.number().min(0).max(1).nullable() })),
  }),
  z.object({
    kind: z.literal('daily'),
    ...ANSWER,
    /** `mean` is over time. Null where nothing is known. */
    periods: z.array(
      z.object({
        ...PERIOD,
        covered,
        mean: z.number().nullable(),
        min: z.number().nullable(),
        max: z.number().nullable(),
        count: z.number().int(),
      }),
    ),
  }),
]);
export type Aggregate = z.infer<typeof aggregateSchema>;
