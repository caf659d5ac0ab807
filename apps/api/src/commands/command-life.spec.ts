import type { CommandId, CommandStatus, DeviceId } from '@hearth/contracts';
import * as fc from 'fast-check';
import {
  advance,
  isFinal,
  isReflectedBy,
  supersedes,
  type CommandRecord,
  type CommandSign,
} from './command-life.js';

const id = '00000000-0000-4000-8000-000000000001' as CommandId;

const aCommand = (more: Partial<CommandRecord> = {}): CommandRecord => ({
  id,
  deviceId: 'thermostat' as DeviceId,
  name: 'climate',
  args: { target: 21 },
  status: 'queued',
  reason: null,
  requestedBy: 'local',
  createdAtMs: 0,
  sentAtMs: null,
  deliveredAtMs: null,
  acceptedAtMs: null,
  finishedAtMs: null,
  expiresAtMs: 15_000,
  ...more,
});

const answer = (status: 'accepted' | 'applied' | 'rejected', reason?: string): CommandSign => ({
  type: 'response',
  response: { id, status, ...(reason !== undefined && { reason }) },
});

/** The statuses that a command goes through, one for each sign, a second apart. */
function live(command: CommandRecord, ...signs: CommandSign[]): CommandRecord[] {
  const lives = [command];
  for (const [index, sign] of signs.entries()) {
    const before = lives[index]!;
    lives.push(advance(before, sign, (index + 1) * 1_000));
  }
  return lives;
}

const statuses = (lives: CommandRecord[]): CommandStatus[] => lives.map((one) => one.status);

describe('advance', () => {
  it('leads from queued to applied, with a time for each step', () => {
    const lives = live(
      aCommand(),
      { type: 'sent' },
      { type: 'acknowledged' },
      answer('accepted'),
      answer('applied'),
    );
    expect(statuses(lives)).toEqual(['queued', 'sent', 'delivered', 'accepted', 'applied']);
    expect(lives.at(-1)).toMatchObject({
      sentAtMs: 1_000,
      deliveredAtMs: 2_000,
      acceptedAtMs: 3_000,
      finishedAtMs: 4_000,
      reason: null,
    });
  });

  it('takes an answer that overtakes the acknowledgement', () => {
    const lives = live(
      aCommand(),
      { type: 'sent' },
      answer('accepted'),
      { type: 'acknowledged' },
      answer('applied'),
    );
    expect(statuses(lives)).toEqual(['queued', 'sent', 'accepted', 'accepted', 'applied']);
    expect(lives.at(-1)).toMatchObject({ sentAtMs: 1_000, deliveredAtMs: 2_000 });
  });

  it('is delivered without having been sent when the device fetches it from its session', () => {
    const [, delivered] = live(aCommand(), { type: 'acknowledged' });
    expect(delivered).toMatchObject({ status: 'delivered', sentAtMs: 1_000, deliveredAtMs: 1_000 });
  });

  it("keeps the device's reason for a rejection", () => {
    const [, rejected] = live(aCommand(), answer('rejected', 'compressor rest'));
    expect(rejected).toMatchObject({ status: 'rejected', reason: 'compressor rest' });
  });

  it('is rejected when the device refuses the delivery itself', () => {
    const [, refused] = live(aCommand({ status: 'sent' }), { type: 'refused', reasonCode: 0x97 });
    expect(refused).toMatchObject({
      status: 'rejected',
      reason: 'the device refused the delivery with reason code 0x97',
    });
  });

  it('is applied when the reported state shows it', () => {
    const [, applied] = live(aCommand({ status: 'delivered' }), { type: 'reflected' });
    expect(applied).toMatchObject({ status: 'applied', finishedAtMs: 1_000 });
  });

  it.each([
    ['queued', false, 'the device is offline'],
    ['queued', true, 'the device is connected, but does not listen for commands'],
    ['sent', true, 'sent, but the device did not acknowledge it'],
    ['delivered', true, 'delivered, but the device did not answer'],
    ['accepted', true, 'accepted, but the device did not report that it was done'],
  ] as const)('expires when %s (connected %s): %s', (status, connected, reason) => {
    const [, expired] = live(aCommand({ status }), { type: 'timed-out', connected });
    expect(expired).toMatchObject({ status: 'expired', reason, finishedAtMs: 1_000 });
  });

  it('says so when the server was away as the time ran out', () => {
    const [, expired] = live(aCommand({ status: 'sent' }), { type: 'interrupted' });
    expect(expired).toMatchObject({
      status: 'expired',
      reason: 'Hearth stopped before the device had answered',
    });
  });

  it('never goes back and never changes once it is final', () => {
    const order: CommandStatus[] = ['queued', 'sent', 'delivered', 'accepted'];
    const sign = fc.constantFrom<CommandSign>(
      { type: 'sent' },
      { type: 'acknowledged' },
      { type: 'refused', reasonCode: 0x80 },
      answer('accepted'),
      answer('applied'),
      answer('rejected'),
      { type: 'reflected' },
      { type: 'superseded' },
      { type: 'timed-out', connected: true },
      { type: 'interrupted' },
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 12 }), (signs) => {
        const lives = live(aCommand(), ...signs);
        for (const [index, after] of lives.slice(1).entries()) {
          const before = lives[index]!;
          const frozen = isFinal(before);
          expect(frozen ? after : before).toBe(before);
          expect(
            isFinal(after) || order.indexOf(after.status) >= order.indexOf(before.status),
          ).toBe(true);
          expect(isFinal(after)).toBe(after.finishedAtMs !== null);
        }
      }),
    );
  });
});

describe('supersedes', () => {
  it.each([
    [{ target: 22 }, { target: 21 }, true],
    [{ mode: 'heat', target: 22 }, { target: 21 }, true],
    [{ target: 22 }, { mode: 'heat' }, false],
    [{ target: 22 }, { mode: 'heat', target: 21 }, false],
  ])('%j an unfinished %j: %s', (newer, older, expected) => {
    expect(supersedes(aCommand({ args: newer }), aCommand({ args: older, status: 'sent' }))).toBe(
      expected,
    );
  });

  it('only unfinished climate commands', () => {
    expect(supersedes(aCommand(), aCommand({ status: 'applied' }))).toBe(false);
    expect(supersedes(aCommand(), aCommand({ name: 'reboot' }))).toBe(false);
    expect(supersedes(aCommand({ name: 'reboot' }), aCommand())).toBe(false);
  });
});

describe('isReflectedBy', () => {
  it('compares what was asked for, and nothing else', () => {
    const state = { mode: 'heat', action: 'heating', target: 21 } as const;
    expect(isReflectedBy(aCommand({ args: { target: 21 } }), state)).toBe(true);
    expect(isReflectedBy(aCommand({ args: { mode: 'cool', target: 21 } }), state)).toBe(false);
    expect(isReflectedBy(aCommand({ name: 'identify', args: {} }), state)).toBe(false);
  });
});
