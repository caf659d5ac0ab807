import type { Command, CommandPayload } from '@hearth/contracts';
import type { CommandRecord } from './command-life.js';

/** As the API and the live feed tell it. */
export function toCommand(record: CommandRecord): Command {
  const { id, deviceId, name, args, status, reason, requestedBy } = record;
  return {
    id,
    deviceId,
    name,
    args,
    status,
    reason,
    requestedBy,
    createdAt: new Date(record.createdAtMs).toISOString(),
    sentAt: toIso(record.sentAtMs),
    deliveredAt: toIso(record.deliveredAtMs),
    acceptedAt: toIso(record.acceptedAtMs),
    finishedAt: toIso(record.finishedAtMs),
    expiresAt: new Date(record.expiresAtMs).toISOString(),
  };
}

/** As it goes to the device. */
export function toPayload({ id, args, expiresAtMs }: CommandRecord): CommandPayload {
  return { id, args, expiresAt: expiresAtMs };
}

function toIso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
