import { z } from 'zod';
import { deviceIdSchema } from '../ids.js';

const isoTime = z.iso.datetime();

/** Why a dead letter cannot be replayed, or was not. */
export const REPLAY_HINDRANCES = [
  /** Only the first bytes of the payload are kept. */
  'cut',
  /** It says what the device was at that time, and holds no readings. */
  'no-readings',
  /** Its sender is registered no more. */
  'sender-gone',
  /** Its sender may no longer publish to its topic. */
  'not-allowed',
  /** No mapping claims its topic. Known only when it is tried. */
  'unclaimed',
  /** Too many readings wait to be stored. Known only when it is tried. */
  'busy',
] as const;
const hindranceSchema = z.enum(REPLAY_HINDRANCES);
export type ReplayHindrance = z.infer<typeof hindranceSchema>;

/** A message that could not be understood, kept with the reason. */
export const deadLetterSchema = z.object({
  id: z.string(),
  receivedAt: isoTime,
  topic: z.string(),
  deviceId: z.string().nullable(),
  /** Who sent it: device id or integration. */
  principalId: z.string().nullable(),
  /** The step of the pipeline that refused it, and its code. */
  step: z.string(),
  code: z.string(),
  detail: z.string(),
  /** First bytes of the payload as text; bytes that are no UTF-8 are replaced. */
  payloadText: z.string(),
  /** Size of the payload as it was sent. */
  payloadBytes: z.number().int(),
  /** How many of them are kept: fewer where the payload was too large. */
  keptBytes: z.number().int(),
  /** Null when it can be replayed. */
  hindrance: hindranceSchema.nullable(),
});
export type DeadLetter = z.infer<typeof deadLetterSchema>;

/** A letter with all bytes that are kept of it; `payloadText` shows all of them too. */
export const wholeDeadLetterSchema = deadLetterSchema.extend({ payloadBase64: z.base64() });
export type WholeDeadLetter = z.infer<typeof wholeDeadLetterSchema>;

export const deadLetterIdSchema = z.string().regex(/^\d{1,18}$/, 'is no id of a dead letter');
/** A surrogate without its other half. */
const HALF_CHARACTER = /\p{Surrogate}/u;
/** Text that a database column can be compared with. */
const searchable = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .refine((text) => !text.includes('\u0000') && !HALF_CHARACTER.test(text), 'holds no text');
/** Epoch milliseconds, up to the year 9999. */
const momentSchema = z.coerce.number().int().min(0).max(253_402_300_799_999);

/** Which dead letters; all conditions together. Unknown ones are refused: a misspelt one must not mean everything. */
export const deadLetterFilterSchema = z.strictObject({
  deviceId: deviceIdSchema.optional(),
  principalId: searchable(128).optional(),
  code: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/, 'is no code')
    .optional(),
  /** Found in topic, detail or payload (the first 16 kB), whatever the case of its letters. */
  text: searchable(200).optional(),
  /** Received from then on, and before then; epoch milliseconds. */
  from: momentSchema.optional(),
  to: momentSchema.optional(),
  /** Only up to this letter: what came in since the list was read is left alone. */
  upTo: deadLetterIdSchema.optional(),
});
export type DeadLetterFilter = z.output<typeof deadLetterFilterSchema>;

/** Letters of one cause: one sender, refused for one reason. */
export const deadLetterGroupSchema = z.object({
  step: z.string(),
  code: z.string(),
  principalId: z.string().nullable(),
  letters: z.number().int(),
  /** Different topics among them. */
  topics: z.number().int(),
  /** Those of which only the first bytes are kept. */
  cut: z.number().int(),
  firstAt: isoTime,
  lastAt: isoTime,
  /** The newest of them. */
  sample: deadLetterSchema,
});
export type DeadLetterGroup = z.infer<typeof deadLetterGroupSchema>;

export const deadLetterGroupsSchema = z.object({
  /** That with the newest letter first; no more than the api lists at once. */
  items: z.array(deadLetterGroupSchema),
  /** Letters and kept bytes of all groups, listed or not. */
  letters: z.number().int(),
  bytes: z.number().int(),
  /** Id of the newest of them, for `upTo`; null when there is none. */
  newestId: z.string().nullable(),
  /** Older letters are removed. */
  keepDays: z.number().int(),
});
export type DeadLetterGroups = z.infer<typeof deadLetterGroupsSchema>;

/** Most letters of one replay call; the rest is told with a cursor. */
export const MAX_REPLAYED_LETTERS = 200;

/** Which letters to replay: these, or all that match. `cursor` goes on where the last call ended. */
export const deadLetterReplaySchema = z.union([
  z.strictObject({
    ids: z.array(deadLetterIdSchema).min(1).max(MAX_REPLAYED_LETTERS),
    cursor: deadLetterIdSchema.optional(),
  }),
  z.strictObject({ filter: deadLetterFilterSchema, cursor: deadLetterIdSchema.optional() }),
]);
export type DeadLetterReplay = z.output<typeof deadLetterReplaySchema>;

export const deadLetterReplayResultSchema = z.object({
  /** Stored as readings now, and removed from the list. */
  replayed: z.number().int(),
  /** Refused again: kept, with the reason of now. */
  refused: z.array(z.object({ step: z.string(), code: z.string(), count: z.number().int() })),
  /** Not tried, or not to the end; kept as they were. */
  hindered: z.array(z.object({ hindrance: hindranceSchema, count: z.number().int() })),
  /** Letters that this call did not come to. */
  remaining: z.number().int(),
  /** Goes on with the remaining ones; null when there is none. */
  cursor: z.string().nullable(),
});
export type DeadLetterReplayResult = z.infer<typeof deadLetterReplayResultSchema>;

/** A topic that no device claims: what an integration publishes, waiting to be adopted. */
export const discoveredTopicSchema = z.object({
  topic: z.string(),
  principalId: z.string(),
  firstSeenAt: isoTime,
  lastSeenAt: isoTime,
  messages: z.number().int(),
  /** Messages a minute of late; null while it is too young to tell. */
  perMinute: z.number().nullable(),
  /** Messages of it that are kept, to become readings when it is adopted. */
  kept: z.number().int(),
  sampleText: z.string(),
  /** What the payload looks like. */
  guess: z.object({
    kind: z.enum(['number', 'boolean', 'text', 'object', 'binary']),
    value: z.union([z.number(), z.string()]).nullable(),
    unit: z.string().nullable(),
    /** Values in it, nested ones too, and the metrics that they seem to be. */
    fields: z.array(
      z.object({
        path: z.string(),
        kind: z.enum(['number', 'boolean', 'text']),
        value: z.union([z.number(), z.string()]),
        metric: z.string(),
        unit: z.string(),
        /** True for what seems to be worth keeping. */
        likely: z.boolean(),
      }),
    ),
    /** Where the payload seems to say when. */
    tsPath: z.string().nullable(),
  }),
  /** A name for the device that it may be of. */
  deviceName: z.string(),
});
export type DiscoveredTopic = z.infer<typeof discoveredTopicSchema>;
