import { z } from 'zod';
import { deviceIdSchema, seriesIdListSchema } from '../ids.js';
import { EARLIEST_TIMESTAMP_MS } from '../limits.js';

export const EXPORT_FORMATS = ['csv', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** `from` and `to` are epoch milliseconds; without them, everything. */
const EXPORT_RANGE = {
  from: z.coerce.number().int().default(EARLIEST_TIMESTAMP_MS),
  to: z.coerce.number().int().default(Number.MAX_SAFE_INTEGER),
  format: z.enum(EXPORT_FORMATS).default('csv'),
};
const endsAfterItBegins = (query: { from: number; to: number }): boolean => query.from < query.to;
const ENDS_BEFORE = { message: 'must be before to', path: ['from'] };

/** `GET /api/series/:id/export`. */
export const seriesExportQuerySchema = z
  .object(EXPORT_RANGE)
  .refine(endsAfterItBegins, ENDS_BEFORE);

/** `GET /api/export`: some series, all of a device, or without either all of the home. */
export const exportQuerySchema = z
  .object({
    ...EXPORT_RANGE,
    series: seriesIdListSchema.optional(),
    device: deviceIdSchema.optional(),
  })
  .refine(endsAfterItBegins, ENDS_BEFORE)
  .refine((query) => query.series === undefined || query.device === undefined, {
    message: 'give series or device, not both',
    path: ['device'],
  });
