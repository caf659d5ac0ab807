import type { ClimateState, CommandId, DeviceId } from '@hearth/contracts';
import type { CommandRecord } from './command-life.js';
import { OpenCommands } from './open-commands.js';

const deviceId = 'thermostat' as DeviceId;
const idOf = (number: number) => `00000000-0000-4000-8000-00000000000${number}` as CommandId;

const aCommand = (number: number, more: Partial<CommandRecord> = {}): CommandRecord => ({
  id: idOf(number),
  deviceId,
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

const heatingTo = (target: number): ClimateState => ({ mode: 'heat', action: 'heating', target });

const told = (commands: CommandRecord[]) =>
  commands.map(({ id, status }) => `${id.at(-1)} ${status}`);

describe('OpenCommands', () => {
  it('supersedes an unfinished command that the new one replaces', () => {
    const sut = new OpenCommands();
    sut.add(aCommand(1), 0);
    sut.add(aCommand(2, { args: { mode: 'heat' } }), 0);
    expect(told(sut.add(aCommand(3, { args: { target: 22 } }), 5))).toEqual(['1 superseded']);
    expect(told(sut.listOf(deviceId))).toEqual(['2 queued', '3 queued']);
  });

  it('leaves the commands of other devices alone', () => {
    const sut = new OpenCommands();
    sut.add(aCommand(1, { deviceId: 'other' as DeviceId }), 0);
    expect(sut.add(aCommand(2), 0)).toEqual([]);
  });

  it('forgets a command when it is final', () => {
    const sut = new OpenCommands();
    sut.add(aCommand(1), 0);
    const response = { id: idOf(1), status: 'applied' as const };
    expect(told(sut.advance(idOf(1), { type: 'response', response }, 1))).toEqual(['1 applied']);
    expect(sut.find(idOf(1))).toBeUndefined();
    expect(sut.advance(idOf(1), { type: 'acknowledged' }, 2)).toEqual([]);
  });

  it('takes a reported state as the work of a delivered command', () => {
    const sut = new OpenCommands();
    sut.add(aCommand(1), 0);
    sut.advance(idOf(1), { type: 'sent' }, 1);
    sut.advance(idOf(1), { type: 'acknowledged' }, 2);
    expect(sut.reflect(deviceId, heatingTo(20), 3)).toEqual([]);
    expect(told(sut.reflect(deviceId, heatingTo(21), 4))).toEqual(['1 applied']);
  });

  it('does not take a state that fitted before the command was sent', () => {
    const sut = new OpenCommands();
    sut.add(aCommand(1), 0);
    expect(sut.reflect(deviceId, heatingTo(21), 1)).toEqual([]);
    sut.advance(idOf(1), { type: 'sent' }, 2);
    expect(told(sut.advance(idOf(1), { type: 'acknowledged' }, 3))).toEqual(['1 delivered']);
  });

  it('applies a command whose report overtook its acknowledgement', () => {
    const sut = new OpenCommands();
    sut.add(aCommand(1), 0);
    sut.advance(idOf(1), { type: 'sent' }, 1);
    expect(sut.reflect(deviceId, heatingTo(21), 2)).toEqual([]);
    expect(told(sut.advance(idOf(1), { type: 'acknowledged' }, 3))).toEqual([
      '1 delivered',
      '1 applied',
    ]);
  });

  it('expires what is past its time, and says why', () => {
    const sut = new OpenCommands();
    sut.add(aCommand(1), 0);
    sut.add(aCommand(2, { name: 'identify', expiresAtMs: 20_000 }), 0);
    expect(sut.expire(14_999, () => false)).toEqual([]);
    expect(sut.expire(15_000, () => false)).toMatchObject([
      { id: idOf(1), status: 'expired', reason: 'the device is offline' },
    ]);
    expect(told(sut.listOf(deviceId))).toEqual(['2 queued']);
  });

  it('is empty when none is unfinished', () => {
    const sut = new OpenCommands();
    expect(sut.isEmpty).toBe(true);
    sut.add(aCommand(1), 0);
    expect(sut.isEmpty).toBe(false);
    sut.expire(15_000, () => false);
    expect(sut.isEmpty).toBe(true);
  });
});
