// The vectors that the firmware is tested by are what the contracts and the simulator say, too.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  buildTopic,
  climateChangeSchema,
  commandPayloadSchema,
  findClimateFaults,
  climateCapabilitiesSchema,
  METRICS,
  parseTopic,
} from '@hearth/contracts';

/** The files are ours: a wrong shape fails the tests that read it. */
const load = (name: string): unknown =>
  JSON.parse(
    readFileSync(
      fileURLToPath(new URL(`../../libs/contracts/vectors/${name}.json`, import.meta.url)),
      'utf8',
    ),
  );

type Metrics = Record<string, number | boolean>;

describe('the vectors', () => {
  it('have the topics of the contract', () => {
    const { deviceId, topics } = load('topics') as { deviceId: string; topics: object };
    expect(topics).toEqual({
      telemetry: buildTopic('telemetry', deviceId),
      status: buildTopic('status', deviceId),
      info: buildTopic('info', deviceId),
      state: buildTopic('state', deviceId),
      response: buildTopic('response', deviceId),
      commands: buildTopic('command', deviceId, '+'),
    });
  });

  const telemetry = (
    load('telemetry') as {
      vectors: {
        name: string;
        entries: { ts: number; seq: number; metrics: Metrics }[];
        payload: string;
      }[];
    }
  ).vectors;

  it.each(telemetry)('have telemetry of known metrics in range: $name', ({ entries, payload }) => {
    const objects = entries.map(({ metrics, ...rest }) => ({ ...metrics, ...rest }));
    expect(JSON.parse(payload)).toEqual(objects.length === 1 ? objects[0] : objects);
    for (const [name, value] of entries.flatMap(({ metrics }) => Object.entries(metrics))) {
      const metric = METRICS.get(name);
      expect(metric?.kind).toBe(typeof value);
      expect(Number(value)).toBeGreaterThanOrEqual(metric?.min ?? Infinity);
      expect(Number(value)).toBeLessThanOrEqual(metric?.max ?? -Infinity);
    }
  });

  const commands = load('commands') as {
    deviceId: string;
    nowMs: number;
    vectors: { name: string; topic: string; payload: string; expected: object | null }[];
  };

  it.each(commands.vectors)('have commands as the contract reads them: $name', (vector) => {
    expect(readByContract(vector.topic, vector.payload)).toEqual(vector.expected);
  });

  function readByContract(topic: string, payload: string): unknown {
    const parsed = parseTopic(topic);
    if (parsed?.name !== 'command' || parsed.deviceId !== commands.deviceId) return null;
    let json: unknown;
    try {
      json = JSON.parse(payload);
    } catch {
      return null;
    }
    const command = commandPayloadSchema.safeParse(json);
    if (!command.success || command.data.expiresAt <= commands.nowMs) return null;
    const { id, args } = command.data;
    return { name: parsed.part, id, args };
  }

  const climate = load('climate-changes') as {
    capabilities: object;
    before: object;
    vectors: { name: string; args: object; expected: object | null }[];
  };
  const capabilities = climateCapabilitiesSchema.parse(climate.capabilities);

  it.each(climate.vectors)('have climate changes as the contract judges them: $name', (vector) => {
    const after = { ...climate.before, ...vector.args };
    const isPossible =
      climateChangeSchema.safeParse(vector.args).success &&
      findClimateFaults(climateChangeSchema.parse(after), capabilities).length === 0;
    expect(isPossible ? after : null).toEqual(vector.expected);
  });
});
