import { z } from 'zod';

/** A topic filter as MQTT 5.0 §4.7 allows it: `+` alone in a level, `#` alone and last. No `$share`. */
export const topicFilterSchema = z
  .string()
  .min(1)
  .max(512)
  .refine(
    (filter) =>
      !filter.startsWith('$') &&
      !filter.includes('\u0000') &&
      filter.split('/').every((level, index, levels) => {
        if (level === '#') return index === levels.length - 1;
        return level === '+' || !/[+#]/.test(level);
      }),
    'is no valid topic filter (+ alone in a level, # alone and last)',
  );

const nameSchema = z.string().trim().min(1, 'must not be empty').max(80);

export const integrationSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  username: z.string(),
  /** What it may publish and subscribe. */
  topicFilters: z.array(z.string()),
  createdAt: z.iso.datetime(),
});
export type Integration = z.infer<typeof integrationSchema>;

/** `POST /api/integrations`: a bridge or a script with a user name of its own. Without `password`, one is made and shown once. */
export const integrationCreateSchema = z.strictObject({
  name: nameSchema,
  username: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'use 1 to 63 letters, digits, . _ -'),
  password: z.string().min(1).max(128).optional(),
  topicFilters: z.array(topicFilterSchema).min(1).max(32),
});
export type IntegrationCreate = z.input<typeof integrationCreateSchema>;

export const integrationWithPasswordSchema = z.object({
  integration: integrationSchema,
  /** Null when the owner chose it. */
  password: z.string().nullable(),
});
export type IntegrationWithPassword = z.infer<typeof integrationWithPasswordSchema>;
