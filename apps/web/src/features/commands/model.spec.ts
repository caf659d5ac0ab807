import { commandSchema, type Command } from '@hearth/contracts';
import { describeArguments, stepsOf, upsertCommand } from './model';

const aCommand = (more: Partial<Command> = {}): Command =>
  commandSchema.parse({
    id: '0b2f6a1c-7c7e-4f9e-9a53-0f3f2b7f3a01',
    deviceId: 'thermostat',
    name: 'climate',
    args: {},
    status: 'sent',
    reason: null,
    requestedBy: 'Ada',
    createdAt: '2026-01-01T00:00:00Z',
    sentAt: '2026-01-01T00:00:00Z',
    deliveredAt: null,
    acceptedAt: null,
    finishedAt: null,
    expiresAt: '2026-01-01T00:00:15Z',
    ...more,
  });

const states = (command: Command) => stepsOf(command).map((step) => step.state);

describe(stepsOf, () => {
  it('walks from sent to applied', () => {
    const at = '2026-01-01T00:00:01Z';
    expect(states(aCommand({ status: 'queued', sentAt: null }))).toEqual(['now', 'ahead', 'ahead']);
    expect(states(aCommand())).toEqual(['done', 'now', 'ahead']);
    expect(states(aCommand({ status: 'delivered', deliveredAt: at }))).toEqual([
      'done',
      'done',
      'now',
    ]);
    expect(states(aCommand({ status: 'applied', deliveredAt: at, finishedAt: at }))).toEqual([
      'done',
      'done',
      'done',
    ]);
  });

  it('marks the step that failed', () => {
    const expired = aCommand({ status: 'expired', finishedAt: '2026-01-01T00:00:15Z' });
    expect(states(expired)).toEqual(['done', 'failed', 'ahead']);
  });

  it('counts a command that was applied without an acknowledgement as delivered', () => {
    const at = '2026-01-01T00:00:01Z';
    const applied = aCommand({ status: 'applied', acceptedAt: null, finishedAt: at });
    expect(states(applied)).toEqual(['done', 'done', 'done']);
  });
});

describe(upsertCommand, () => {
  it('does not go back in life when an answer overtakes a frame', () => {
    const applied = aCommand({ status: 'applied' });
    expect(upsertCommand([applied], aCommand())).toEqual([applied]);
  });

  it('keeps the newest first', () => {
    const newer = aCommand({
      id: '0b2f6a1c-7c7e-4f9e-9a53-0f3f2b7f3a02' as Command['id'],
      createdAt: '2026-01-01T00:00:05Z',
    });
    expect(upsertCommand([aCommand()], newer).map((one) => one.createdAt)).toEqual([
      '2026-01-01T00:00:05Z',
      '2026-01-01T00:00:00Z',
    ]);
  });
});

describe(describeArguments, () => {
  it('reads like words', () => {
    expect(describeArguments({ mode: 'heat_cool', target_low: 19 })).toBe(
      'mode heat cool, target low 19',
    );
  });
});
