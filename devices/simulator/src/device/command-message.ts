// A command as it arrives: parsed, checked against its expiry, and answered. Pure.
import {
  buildTopic,
  commandPayloadSchema,
  deviceSubtree,
  parseTopic,
  type CommandPayload,
  type ResponsePayload,
} from '@hearth/contracts';
import type { Program } from './program.js';

export type ReceivedCommand =
  { what: 'command'; name: string; payload: CommandPayload } | { what: 'ignored'; why: string };

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads a command; one that is malformed or past its expiry is ignored, because the server has given it up. */
export function readCommand(topic: string, payload: string, nowMs: number): ReceivedCommand {
  const parsed = parseTopic(topic);
  if (parsed?.name !== 'command') return { what: 'ignored', why: `${topic} is no command` };
  const checked = commandPayloadSchema.safeParse(parseJson(payload));
  if (!checked.success) return { what: 'ignored', why: `command ${parsed.part} is malformed` };
  if (checked.data.expiresAt <= nowMs) {
    return { what: 'ignored', why: `command ${parsed.part} came too late` };
  }
  return { what: 'command', name: parsed.part, payload: checked.data };
}

/** Runs the command on the program; the answers in the order in which they are to be sent. */
export function runCommand(
  program: Program,
  name: string,
  payload: CommandPayload,
): ResponsePayload[] {
  const outcome = program.command?.(name, payload.args) ?? {
    status: 'rejected',
    reason: 'this device takes no commands',
  };
  if (outcome.status === 'rejected') {
    return [{ id: payload.id, status: 'rejected', reason: outcome.reason }];
  }
  return [
    { id: payload.id, status: 'accepted' },
    { id: payload.id, status: 'applied' },
  ];
}

/** Where the answer goes: the asked-for response topic if it is the device's own, else the usual one. */
export function responseTopicFor(deviceId: string, asked: string | undefined): string {
  const own = asked?.startsWith(deviceSubtree(deviceId)) === true && !/[+#]/.test(asked);
  return own && asked !== undefined ? asked : buildTopic('response', deviceId);
}
