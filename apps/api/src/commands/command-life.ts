// The life of a command, design §7: queued → sent → delivered → accepted → applied, or rejected, expired,
// superseded. Only forward, whatever order the signs arrive in. Does no I/O and reads no clock.
import {
  FINAL_COMMAND_STATUSES,
  reflectsChange,
  type ClimateState,
  type CommandId,
  type CommandStatus,
  type DeviceId,
  type ResponsePayload,
} from '@hearth/contracts';

/** A command's name that changes what a thermostat aims at; its arguments are a climate change. */
export const CLIMATE_COMMAND = 'climate';

/** One JSON value, as arguments of commands hold them. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A command as the database holds it. Times are epoch milliseconds. */
export interface CommandRecord {
  readonly id: CommandId;
  readonly deviceId: DeviceId;
  readonly name: string;
  readonly args: Record<string, Json>;
  readonly status: CommandStatus;
  readonly reason: string | null;
  readonly requestedBy: string;
  readonly createdAtMs: number;
  readonly sentAtMs: number | null;
  readonly deliveredAtMs: number | null;
  readonly acceptedAtMs: number | null;
  readonly finishedAtMs: number | null;
  readonly expiresAtMs: number;
}

/** What can happen to a command. */
export type CommandSign =
  /** The broker handed it to a connected client of the device. */
  | { readonly type: 'sent' }
  /** The device's PUBCOMP or PUBACK was seen. */
  | { readonly type: 'acknowledged' }
  /** The device answered the delivery with an error reason code. */
  | { readonly type: 'refused'; readonly reasonCode: number }
  | { readonly type: 'response'; readonly response: ResponsePayload }
  /** The thermostat's reported state shows what the command asked for. */
  | { readonly type: 'reflected' }
  | { readonly type: 'superseded' }
  | { readonly type: 'timed-out'; readonly connected: boolean }
  /** Its time ran out while no server was running. */
  | { readonly type: 'interrupted' };

type Progress = Extract<CommandStatus, 'queued' | 'sent' | 'delivered' | 'accepted'>;

const ORDER: Readonly<Record<Progress, number>> = { queued: 0, sent: 1, delivered: 2, accepted: 3 };

/** True when nothing more can happen to it. */
export function isFinal(command: Pick<CommandRecord, 'status'>): boolean {
  return FINAL_COMMAND_STATUSES.has(command.status);
}

/** The command after `sign`; the same object when the sign changes nothing. */
export function advance(command: CommandRecord, sign: CommandSign, atMs: number): CommandRecord {
  if (isFinal(command)) return command;
  let next: CommandRecord;
  switch (sign.type) {
    case 'sent':
      next = reach(command, 'sent', atMs);
      break;
    case 'acknowledged':
      next = reach(command, 'delivered', atMs);
      break;
    case 'refused':
      next = finish(command, 'rejected', atMs, refusalReason(sign.reasonCode));
      break;
    case 'response':
      next = takeResponse(command, sign.response, atMs);
      break;
    case 'reflected':
      next = finish(reach(command, 'delivered', atMs), 'applied', atMs, null);
      break;
    case 'superseded':
      next = finish(command, 'superseded', atMs, 'a newer command took its place');
      break;
    case 'timed-out':
      next = finish(command, 'expired', atMs, timeOutReason(command, sign.connected));
      break;
    case 'interrupted':
      next = finish(command, 'expired', atMs, 'Hearth stopped before the device had answered');
      break;
  }
  return next;
}

/** True when `newer` asks for everything that `older` asked for, so that `older` need not be waited for. */
export function supersedes(
  newer: Pick<CommandRecord, 'name' | 'args'>,
  older: Pick<CommandRecord, 'name' | 'args' | 'status'>,
): boolean {
  if (newer.name !== CLIMATE_COMMAND || older.name !== CLIMATE_COMMAND || isFinal(older)) {
    return false;
  }
  return Object.keys(older.args).every((field) => Object.hasOwn(newer.args, field));
}

/** True when `state` shows that a climate command did its work. */
export function isReflectedBy(
  command: Pick<CommandRecord, 'name' | 'args'>,
  state: ClimateState,
): boolean {
  // Climate arguments are validated as a change before the command is made.
  return command.name === CLIMATE_COMMAND && reflectsChange(state, command.args);
}

function takeResponse(
  command: CommandRecord,
  response: ResponsePayload,
  atMs: number,
): CommandRecord {
  // Whoever answers has received, whether or not the acknowledgement of the delivery was seen yet.
  const delivered = reach(command, 'delivered', atMs);
  if (response.status === 'accepted') return reach(delivered, 'accepted', atMs);
  if (response.status === 'applied') {
    return finish(delivered, 'applied', atMs, response.reason ?? null);
  }
  return finish(delivered, 'rejected', atMs, response.reason ?? 'the device gave no reason');
}

/** Moves forward to `status`, filling the times of the steps that were passed unseen. */
function reach(command: CommandRecord, status: Progress, atMs: number): CommandRecord {
  if (isFinal(command) || ORDER[command.status as Progress] >= ORDER[status]) return command;
  return {
    ...command,
    status,
    sentAtMs: command.sentAtMs ?? atMs,
    deliveredAtMs: ORDER[status] >= ORDER.delivered ? (command.deliveredAtMs ?? atMs) : null,
    acceptedAtMs: status === 'accepted' ? atMs : null,
  };
}

function finish(
  command: CommandRecord,
  status: Exclude<CommandStatus, Progress>,
  atMs: number,
  reason: string | null,
): CommandRecord {
  return { ...command, status, reason, finishedAtMs: atMs };
}

const TIME_OUT_REASONS: Readonly<Record<Progress, string>> = {
  queued: 'the device is connected, but does not listen for commands',
  sent: 'sent, but the device did not acknowledge it',
  delivered: 'delivered, but the device did not answer',
  accepted: 'accepted, but the device did not report that it was done',
};

function timeOutReason(command: CommandRecord, connected: boolean): string {
  if (command.status === 'queued' && !connected) return 'the device is offline';
  return TIME_OUT_REASONS[command.status as Progress];
}

function refusalReason(reasonCode: number): string {
  return `the device refused the delivery with reason code 0x${reasonCode.toString(16)}`;
}
