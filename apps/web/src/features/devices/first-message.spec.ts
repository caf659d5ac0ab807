import { deadLetterSchema, deviceSchema, type Device } from '@hearth/contracts';
import type { Refusal } from '@hearth/contracts';
import { describeFirstMessage, firstMessage } from './first-message';

const aDevice = (state: Device['presence']['state'] = 'never-seen', value: number | null = null) =>
  deviceSchema.parse({
    id: 'hall',
    name: 'Hall',
    kind: 'climate-node',
    roomId: null,
    simulated: false,
    model: null,
    firmware: null,
    intervalSeconds: null,
    createdAt: '2026-01-01T00:00:00Z',
    lastSeenAt: null,
    presence: { state, cause: 'connected', since: '2026-01-01T00:00:00Z' },
    clockOffsetMs: null,
    series:
      value === null
        ? []
        : [{ id: 1, metric: 'temperature', unit: '°C', kind: 'number', latest: { ts: 1, value } }],
    climate: null,
  });
const refused = (username: string, atMs = 10): Refusal => ({
  type: 'connect',
  atMs,
  username,
  address: '10.0.0.9',
  reason: 'bad-user-name-or-password',
});
const denied: Refusal = {
  type: 'publish',
  atMs: 10,
  username: 'hall',
  clientId: 'hall',
  topic: 'hearth/kitchen/telemetry',
};
const letter = deadLetterSchema.parse({
  id: '1',
  receivedAt: '2026-01-01T00:00:00Z',
  topic: 'hearth/hall/telemetry',
  deviceId: 'hall',
  principalId: 'hall',
  step: 'parse',
  code: 'not-json',
  detail: 'The payload is not JSON',
  payloadText: '{',
  payloadBytes: 1,
  keptBytes: 1,
  hindrance: null,
});

describe(firstMessage, () => {
  it.each([
    ['nobody came', aDevice(), [], [], 'waiting'],
    [
      'somebody used its name with a wrong secret',
      aDevice(),
      [refused('hall')],
      [],
      'wrong-secret',
    ],
    ['somebody used another name', aDevice(), [refused('hal')], [], 'other-name'],
    ['it is connected', aDevice('online'), [refused('hall')], [], 'connected'],
    ['it used a topic that is not its own', aDevice('online'), [denied], [], 'wrong-topic'],
    ['it was not understood', aDevice('online'), [], [letter], 'not-understood'],
    ['a reading is here', aDevice('online', 21), [refused('hall')], [letter], 'arrived'],
  ] as const)('when %s', (_when, device, refusals, letters, step) => {
    expect(firstMessage(device, refusals, letters, 0).step).toBe(step);
  });

  it('forgets what happened before', () => {
    expect(firstMessage(aDevice(), [refused('hall', 10)], [], 11).step).toBe('waiting');
  });
});

describe(describeFirstMessage, () => {
  it('names the topic and whose topics are right', () => {
    const words = describeFirstMessage(
      { step: 'wrong-topic', topic: 'hearth/x/status' },
      aDevice(),
    );
    expect(words.advice).toContain('hearth/x/status, which belongs to another device');
    expect(words.advice).toContain('hearth/hall/');
  });
});
