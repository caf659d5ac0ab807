import { z } from 'zod';
import { deviceKindSchema } from '../device-kinds.js';
import { DEVICE_ID_PATTERN, deviceIdSchema, roomIdSchema } from '../ids.js';
import {
  filterShape,
  MAX_FILTER_LENGTH,
  namesIn,
  parseMappingFilter,
  type FilterLevel,
} from '../mapping-filter.js';
import { METRIC_NAME_PATTERN, RESERVED_TELEMETRY_KEYS } from '../metrics.js';
import { readingValueSchema } from './devices.js';

/** Metrics of one mapping: as many as an object of telemetry may have. */
const MAX_MAPPED_METRICS = 64;
/** Longest payload path, in characters. */
const MAX_PATH_LENGTH = 200;
/** Topics that one call adopts. */
const MAX_ADOPTED_TOPICS = 50;
/** Messages of one's own that a test may bring, and bytes of each. */
const MAX_TEST_MESSAGES = 10;
const MAX_TEST_PAYLOAD_LENGTH = 16_384;

/** A surrogate without its other half. */
const HALF_CHARACTER = /\p{Surrogate}/u;

const storableText = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .refine((text) => !text.includes('\u0000') && !HALF_CHARACTER.test(text), 'holds no text');

const pathSchema = storableText(MAX_PATH_LENGTH);

/** Every field of the object becomes a metric of its own name. */
export const EVERY_FIELD = '*';

/** Where a value of a payload goes. */
export const mappedMetricSchema = z.strictObject({
  /** A metric's name, a level such as `{metric}`, or `*` for every field of an object. */
  metric: z
    .string()
    .refine(
      (name) =>
        name === EVERY_FIELD ||
        /^\{[a-z][A-Za-z0-9_]{0,31}\}$/.test(name) ||
        (METRIC_NAME_PATTERN.test(name) && !RESERVED_TELEMETRY_KEYS.has(name)),
      'must be a metric name (a letter, then letters, digits and _), a level such as {metric}, or *',
    ),
  /** Dotted path (`data.0.temp`) or JSON pointer (`/data/0/temp`); empty for the whole payload. */
  path: pathSchema.default(''),
  /** The unit that the payload is in; empty for none, or as the metric has it. */
  unit: storableText(16).default(''),
  /** A number becomes `number × scale + offset`, before its unit is looked at. */
  scale: z
    .number()
    .refine((scale) => scale !== 0, 'must not be 0')
    .default(1),
  offset: z.number().default(0),
});
export type MappedMetric = z.output<typeof mappedMetricSchema>;

const mappingFields = {
  /** `home/{room}/{metric}`; `+` and `#` as in MQTT. */
  filter: storableText(MAX_FILTER_LENGTH),
  /** Id of a device, or one made of levels: `{building}-{room}`. What is no letter or digit becomes a hyphen. */
  device: storableText(128),
  /** The kind of the devices that it makes as they appear; null when it makes none. */
  createKind: deviceKindSchema.nullable().default(null),
  metrics: z.array(mappedMetricSchema).min(1).max(MAX_MAPPED_METRICS),
  /** Where the payload says when: epoch milliseconds or seconds, or ISO 8601 with a zone. Null for the time of arrival. */
  tsPath: pathSchema.min(1).nullable().default(null),
  enabled: z.boolean().default(true),
};

interface Draft {
  readonly filter: string;
  readonly device: string;
  readonly metrics: readonly MappedMetric[];
}

type Fault = readonly [path: (string | number)[], message: string];

/** `POST /api/mappings`; also what a test tries. */
export const mappingDraftSchema = z.strictObject(mappingFields).superRefine((draft, context) => {
  for (const [path, message] of findFaults(draft)) {
    context.addIssue({ code: 'custom', path, message });
  }
});
export type MappingDraft = z.output<typeof mappingDraftSchema>;
export type MappingInput = z.input<typeof mappingDraftSchema>;

function findFaults({ filter, device, metrics }: Draft): Fault[] {
  const levels = parseMappingFilter(filter);
  if (typeof levels === 'string') return [[['filter'], levels]];
  return [...findDeviceFaults(levels, device), ...findMetricFaults(levels, metrics)];
}

function findDeviceFaults(levels: readonly FilterLevel[], device: string): Fault[] {
  const unknown = findUnknown(levels, device);
  if (unknown !== undefined) return [[['device'], unknown]];
  // Every level stands for one letter here: what is left must be fit to be an id.
  const example = device.replaceAll(/\{\w+\}/g, 'x');
  return DEVICE_ID_PATTERN.test(example)
    ? []
    : [[['device'], 'use lower-case letters, digits, hyphens, and levels such as {room}']];
}

function findMetricFaults(
  levels: readonly FilterLevel[],
  metrics: readonly MappedMetric[],
): Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const [index, { metric }] of metrics.entries()) {
    const unknown = findUnknown(levels, metric);
    if (unknown !== undefined) faults.push([['metrics', index, 'metric'], unknown]);
    else if (seen.has(metric)) faults.push([['metrics', index, 'metric'], 'is there twice']);
    seen.add(metric);
  }
  return faults;
}

function findUnknown(levels: readonly FilterLevel[], template: string): string | undefined {
  const unknown = namesIn(template).find(
    (name) => !levels.some((level) => level.type === 'any' && level.name === name),
  );
  return unknown === undefined ? undefined : `the filter has no level {${unknown}}`;
}

/** `PATCH /api/mappings/:id`: what is given replaces what was. The whole is judged as a new one is. */
export const mappingChangeSchema = z.strictObject({
  filter: mappingFields.filter.optional(),
  device: mappingFields.device.optional(),
  createKind: deviceKindSchema.nullable().optional(),
  metrics: mappingFields.metrics.optional(),
  tsPath: pathSchema.min(1).nullable().optional(),
  enabled: z.boolean().optional(),
});
export type MappingChange = z.output<typeof mappingChangeSchema>;

export const mappingIdSchema = z.uuid();

export const mappingSchema = z.object({
  id: mappingIdSchema,
  ...mappingFields,
  createdAt: z.iso.datetime(),
});
export type Mapping = z.output<typeof mappingSchema>;

/** `POST /api/mappings/test`: a mapping that need not be saved, and messages besides those that are kept. */
export const mappingTestSchema = z.strictObject({
  mapping: mappingDraftSchema,
  messages: z
    .array(
      z.strictObject({
        topic: storableText(1_024).min(1),
        payload: z.string().max(MAX_TEST_PAYLOAD_LENGTH),
      }),
    )
    .max(MAX_TEST_MESSAGES)
    .default([]),
});
export type MappingTest = z.output<typeof mappingTestSchema>;
export type MappingTestInput = z.input<typeof mappingTestSchema>;

/** What a mapping makes of one message. */
export const mappingTrialSchema = z.object({
  /** Where the message comes from. */
  source: z.enum(['given', 'discovered', 'dead-letter', 'recent']),
  topic: z.string(),
  receivedAt: z.iso.datetime(),
  payloadText: z.string(),
  /** Null when it could not even be said which. */
  deviceId: z.string().nullable(),
  /** Whether that device is registered. */
  deviceExists: z.boolean(),
  /** Booleans are 0 and 1. Empty when it is refused. */
  readings: z.array(
    z.object({
      metric: z.string(),
      value: readingValueSchema,
      unit: z.string(),
      /** Epoch milliseconds. */
      ts: z.number(),
    }),
  ),
  /** Why nothing comes of it; null when something does. */
  refusal: z.object({ code: z.string(), detail: z.string() }).nullable(),
});
export type MappingTrial = z.infer<typeof mappingTrialSchema>;

export const mappingTrialsSchema = z.object({ items: z.array(mappingTrialSchema) });

/** `POST /api/discovered/adopt`: topics become metrics of one device, and what is kept of them its first readings. */
export const adoptionSchema = z.strictObject({
  device: z.union([
    z.strictObject({ id: deviceIdSchema }),
    z.strictObject({
      name: z.string().trim().min(1, 'must not be empty').max(80),
      kind: deviceKindSchema.default('sensor'),
      roomId: roomIdSchema.nullable().default(null),
    }),
  ]),
  topics: z
    .array(
      z.strictObject({
        topic: storableText(MAX_FILTER_LENGTH).min(1),
        metrics: mappingFields.metrics,
        tsPath: mappingFields.tsPath,
      }),
    )
    .min(1)
    .max(MAX_ADOPTED_TOPICS)
    .refine((topics) => new Set(topics.map(({ topic }) => topic)).size === topics.length, {
      message: 'names a topic twice',
    }),
});
export type Adoption = z.output<typeof adoptionSchema>;
export type AdoptionInput = z.input<typeof adoptionSchema>;

export const adoptionResultSchema = z.object({
  deviceId: deviceIdSchema,
  mappings: z.array(mappingSchema),
  /** Kept messages that are readings now. */
  adopted: z.number().int(),
  /** Kept messages that the mapping refused: they are dead letters now. */
  refused: z.number().int(),
});
export type AdoptionResult = z.infer<typeof adoptionResultSchema>;

/** The shape of a valid filter. Throws for another. */
export function shapeOf(filter: string): string {
  const levels = parseMappingFilter(filter);
  if (typeof levels === 'string') throw new TypeError(`${filter} ${levels}`);
  return filterShape(levels);
}
