import {
  MAX_BACKFILL_ENTRIES,
  MAX_METRICS_PER_ENTRY,
  MAX_PAYLOAD_BYTES,
  MAX_TEXT_VALUE_LENGTH,
} from '@hearth/contracts';
import * as fc from 'fast-check';
import { NOW, telemetry } from '../fixtures/message.js';
import type { Sample } from '../message.js';
import { Refusal } from '../refusal.js';
import { parse } from './parse.js';

const many = (count: number, item: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => item(index)).join(',');

describe('parse of telemetry', () => {
  it.each<[string, object[]]>([
    [
      `{"temperature":21.4,"humidity":40,"ts":${NOW},"seq":17}`,
      [
        { metric: 'temperature', value: 21.4, ts: NOW, unit: undefined },
        { metric: 'humidity', value: 40, ts: NOW, unit: undefined },
      ],
    ],
    ['{"door":true}', [{ metric: 'door', value: true, ts: undefined, unit: undefined }]],
    ['{"mode":"eco"}', [{ metric: 'mode', value: 'eco', ts: undefined, unit: undefined }]],
    [
      `[{"co2":400,"ts":${NOW}},{"co2":410,"ts":${NOW + 1}}]`,
      [
        { metric: 'co2', value: 400, ts: NOW, unit: undefined },
        { metric: 'co2', value: 410, ts: NOW + 1, unit: undefined },
      ],
    ],
    ['{"constructor":1}', [{ metric: 'constructor', value: 1, ts: undefined, unit: undefined }]],
    [
      `{${many(MAX_METRICS_PER_ENTRY, (index) => `"m${index}":${index}`)}}`,
      Array.from({ length: MAX_METRICS_PER_ENTRY }, (_, index) => ({
        metric: `m${index}`,
        value: index,
        ts: undefined,
        unit: undefined,
      })),
    ],
  ])('takes %.60s', (payload, samples) => {
    expect(parse(telemetry(payload))).toMatchObject({ samples });
  });

  it.each([
    ['nothing', '', 'payload-empty'],
    ['text that is not JSON', 'hello', 'not-json'],
    ['half an object', '{"temperature":21', 'not-json'],
    ['a byte order mark', '\ufeff{"temperature":21}', 'not-json'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'not-utf8'],
    ['too many bytes', `{"a":"${'x'.repeat(MAX_PAYLOAD_BYTES)}"}`, 'payload-too-large'],
    ['very deep brackets', '['.repeat(MAX_PAYLOAD_BYTES), 'not-json'],
    ['a number', '21.4', 'wrong-shape'],
    ['null', 'null', 'wrong-shape'],
    ['a text', '"online"', 'wrong-shape'],
    ['an object within', '{"temperature":{"value":21}}', 'wrong-shape'],
    ['an array within', '{"temperature":[21]}', 'wrong-shape'],
    ['arrays within arrays', '[[]]', 'wrong-shape'],
    ['no value', '{"temperature":null}', 'no-value'],
    ['an empty object', '{}', 'no-metrics'],
    ['only a time', `{"ts":${NOW},"seq":1}`, 'no-metrics'],
    ['an empty array', '[]', 'no-metrics'],
    ['NaN', '{"temperature":NaN}', 'not-finite'],
    ['-Infinity', '{"temperature":-Infinity}', 'not-finite'],
    ['1e400', '{"temperature":1e400}', 'not-finite'],
    ['-1e400 in a backfill', `[{"temperature":-1e400,"ts":${NOW}}]`, 'not-finite'],
    ['__proto__ as a metric', '{"__proto__":21}', 'bad-metric-name'],
    ['__proto__ with an object', '{"__proto__":{"temperature":21}}', 'bad-metric-name'],
    ['a metric name of 5,000 characters', `{"${'t'.repeat(5_000)}":1}`, 'bad-metric-name'],
    ['an empty metric name', '{"":1}', 'bad-metric-name'],
    ['a metric name with a slash', '{"a/b":1}', 'bad-metric-name'],
    ['a time that is text', '{"temperature":21,"ts":"now"}', 'ts-not-integer'],
    ['a time with a fraction', '{"temperature":21,"ts":1748779200000.5}', 'ts-not-integer'],
    ['a time past all integers', '{"temperature":21,"ts":1e300}', 'ts-not-integer'],
    ['null as a time', '{"temperature":21,"ts":null}', 'ts-not-integer'],
    ['a backfill entry without time', '[{"temperature":21}]', 'ts-missing'],
    ['a sequence number that is text', '{"temperature":21,"seq":"a"}', 'seq-not-integer'],
    [
      'too many metrics',
      `{${many(MAX_METRICS_PER_ENTRY + 1, (index) => `"m${index}":1`)}}`,
      'too-many-metrics',
    ],
    [
      'too many entries',
      `[${many(MAX_BACKFILL_ENTRIES + 1, (index) => `{"a":1,"ts":${NOW + index}}`)}]`,
      'too-many-entries',
    ],
    ['a long text', `{"mode":"${'x'.repeat(MAX_TEXT_VALUE_LENGTH + 1)}"}`, 'text-not-storable'],
    ['a NUL in a text', String.raw`{"mode":"a\u0000b"}`, 'text-not-storable'],
    ['half a character', String.raw`{"mode":"\ud800"}`, 'text-not-storable'],
    ['one bad metric among good ones', '{"temperature":21,"humidity":null}', 'no-value'],
  ])('refuses %s', (_, payload, code) => {
    const refusal = parse(telemetry(payload));
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({ step: 'parse', code });
    expect((refusal as Refusal).detail.length).toBeLessThan(400);
  });
});

describe('parse of a single metric', () => {
  it.each<[string, number | boolean | string]>([
    ['23.5', 23.5],
    [' 23.5\n', 23.5],
    ['-4', -4],
    ['+4', 4],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1_000],
    ['true', true],
    ['off', false],
    ['ON', true],
    ['"eco"', 'eco'],
    ['{"value":23.5}', 23.5],
    ['{"value":false}', false],
    ['{"value":"eco","more":1}', 'eco'],
  ])('takes %s', (payload, value) => {
    expect(parse(telemetry(payload, 'level'))).toMatchObject({
      samples: [{ metric: 'level', value, ts: undefined, unit: undefined }],
    });
  });

  it('takes value, unit and time', () => {
    const parsed = parse(telemetry(`{"value":23.5,"unit":"C","ts":${NOW}}`, 'temperature'));
    expect(parsed).toMatchObject({ samples: [{ value: 23.5, unit: 'C', ts: NOW }] });
  });

  it.each([
    ['level', '', 'payload-empty'],
    ['level', '   ', 'wrong-shape'],
    ['level', 'NaN', 'not-finite'],
    ['level', 'nan', 'not-finite'],
    ['level', '-inf', 'not-finite'],
    ['level', '1e400', 'not-finite'],
    ['level', '0x10', 'wrong-shape'],
    ['level', '1_000', 'wrong-shape'],
    ['level', '21,5', 'wrong-shape'],
    ['level', 'open', 'wrong-shape'],
    ['level', 'null', 'wrong-shape'],
    ['level', '[1]', 'wrong-shape'],
    ['level', '"open', 'not-json'],
    ['level', '{"value":}', 'not-json'],
    ['level', '{}', 'wrong-shape'],
    ['level', '{"__proto__":{"value":1}}', 'wrong-shape'],
    ['level', '{"value":null}', 'no-value'],
    ['level', '{"value":[1]}', 'wrong-shape'],
    ['level', '{"value":1e999}', 'not-finite'],
    ['level', '{"value":1,"unit":5}', 'unit-not-text'],
    ['level', '{"value":1,"unit":"a unit that is far too long"}', 'unit-not-text'],
    ['level', '{"value":1,"ts":"2025"}', 'ts-not-integer'],
    ['__proto__', '1', 'bad-metric-name'],
    ['ts', '1', 'bad-metric-name'],
    ['t'.repeat(5_000), '1', 'bad-metric-name'],
  ])('refuses %.20s = %s as %s', (metric, payload, code) => {
    expect(parse(telemetry(payload, metric))).toMatchObject({ step: 'parse', code });
  });
});

const isStorable = ({ metric, value, ts }: Sample): boolean =>
  /^[A-Za-z]\w{0,63}$/.test(metric) &&
  (typeof value !== 'number' || Number.isFinite(value)) &&
  (ts === undefined || Number.isSafeInteger(ts));

describe('parse of anything', () => {
  const json = fc.json({ maxDepth: 3 });
  const almostTelemetry = fc
    .array(fc.tuple(fc.string(), fc.oneof(fc.double(), fc.constant('1e400'), json)))
    .map((pairs) => `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`);
  const payloads = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ maxLength: 200, unit: 'binary' }).map((text) => Buffer.from(text)),
    json.map((text) => Buffer.from(text)),
    almostTelemetry.map((text) => Buffer.from(text)),
  );
  const metrics = fc.option(fc.oneof(fc.constantFrom('level', '__proto__'), fc.string()), {
    nil: undefined,
  });

  it('never throws, and never lets a value through that cannot be stored', () => {
    fc.assert(
      fc.property(payloads, metrics, (payload, metric) => {
        const parsed = parse(telemetry(payload, metric));
        if (parsed instanceof Refusal) return parsed.detail.isWellFormed();
        return parsed.samples.length > 0 && parsed.samples.every(isStorable);
      }),
      { numRuns: 2_000 },
    );
  });
});
