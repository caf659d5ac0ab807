// The last messages that mappings took, in memory: whoever changes a mapping tries it on them.
import { senderName, type MappedTelemetry } from './message.js';

/** Messages of one mapping. */
const MAX_MESSAGES = 3;
/** Larger ones are not copied: this is on the way of every mapped message. */
const MAX_BYTES = 2_048;
/** For the same reason only one a second, in milliseconds. */
const PAUSE_MS = 1_000;
/** Mappings; with all others full about 12 MB. */
const MAX_MAPPINGS = 2_000;

/** A message that a mapping took. */
export interface RecentMessage {
  readonly homeId: string;
  readonly topic: string;
  readonly principalId: string;
  readonly receivedAtMs: number;
  readonly payload: Buffer;
}

export class RecentMapped {
  readonly #byMapping = new Map<string, RecentMessage[]>();

  note({ message, sender, mapping }: MappedTelemetry): void {
    const { topic, payload, receivedAtMs } = message;
    const { id } = mapping.source;
    let kept = this.#byMapping.get(id);
    const last = kept?.at(-1)?.receivedAtMs ?? -Infinity;
    if (receivedAtMs - last < PAUSE_MS || payload.length > MAX_BYTES) return;
    if (kept === undefined) {
      if (this.#byMapping.size >= MAX_MAPPINGS) this.#byMapping.clear();
      this.#byMapping.set(id, (kept = []));
    }
    if (kept.length >= MAX_MESSAGES) kept.shift();
    kept.push({
      homeId: sender.homeId,
      topic,
      principalId: senderName(sender),
      receivedAtMs,
      payload: Buffer.from(payload),
    });
  }

  /** The newest first. */
  list(homeId: string): RecentMessage[] {
    return [...this.#byMapping.values()]
      .flat()
      .filter((message) => message.homeId === homeId)
      .toSorted((a, b) => b.receivedAtMs - a.receivedAtMs);
  }
}
