// Whether a dead letter can be replayed, as far as that is known before it is tried.
import { parseTopic, type HomeId, type ReplayHindrance } from '@hearth/contracts';
import { principalFor } from '../broker/principals.js';
import type { Directory } from '../directory/directory.js';

/** What of a letter decides it. */
interface Replayable {
  readonly topic: string;
  readonly principalId: string | null;
  readonly payloadBytes: number;
  readonly keptBytes: number;
}

/** What a device says of itself: true at the time, and said again by the device since. */
const REPORTS: ReadonlySet<string> = new Set(['status', 'info', 'state', 'response']);

/** What keeps a letter of the home from being replayed; undefined when nothing does. */
export function findHindrance(
  { topic, principalId, payloadBytes, keptBytes }: Replayable,
  homeId: HomeId,
  directory: Directory,
): ReplayHindrance | undefined {
  if (keptBytes < payloadBytes) return 'cut';
  if (REPORTS.has(parseTopic(topic)?.name ?? '')) return 'no-readings';
  const sender = directory.findByUsername(principalId ?? '');
  if (sender?.homeId !== homeId) return 'sender-gone';
  return principalFor(sender).canPublish(topic) ? undefined : 'not-allowed';
}
