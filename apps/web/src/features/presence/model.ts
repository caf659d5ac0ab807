// Presence in words, and as lengths on a line of time. Pure.
import type { Presence, PresenceCause, PresenceState, PresenceTimeline } from '@hearth/contracts';

const STATE_WORDS: Readonly<Record<PresenceState, string>> = {
  online: 'Online',
  late: 'Late',
  offline: 'Offline',
  flapping: 'Unstable',
  'never-seen': 'Not seen yet',
  unknown: 'Unknown',
};

const CAUSE_WORDS: Readonly<Record<PresenceCause, string>> = {
  connected: 'it connected',
  birth: 'it signed on',
  will: 'it vanished without a goodbye',
  'connection-lost': 'the connection was lost',
  'keep-alive-timeout': 'it stopped answering',
  'clean-disconnect': 'it signed off',
  'protocol-error': 'it broke the protocol',
  'taken-over': 'another client took its place',
  kicked: 'Hearth closed the connection',
  'server-stop': 'Hearth was stopped',
  'server-restart': 'Hearth was restarted',
  'missed-interval': 'it missed its reports',
  reported: 'it said so',
  registered: 'it was registered',
};

export function stateWord(state: PresenceState): string {
  return STATE_WORDS[state];
}

export function causeWords(cause: PresenceCause): string {
  return CAUSE_WORDS[cause];
}

/** The reason worth telling beside the state; undefined where the state says it all. */
export function worthTelling({ state, cause }: Presence): string | undefined {
  return state === 'online' || state === 'never-seen' ? undefined : causeWords(cause);
}

export interface Span {
  readonly state: PresenceState;
  readonly cause: PresenceCause;
  readonly from: number;
  readonly to: number;
}

/** The changes as spans that fill `from`–`to` without overlap; time before the first change is `unknown`. */
export function spansOf(timeline: PresenceTimeline, from: number, to: number): Span[] {
  const changes = timeline.changes
    .map((change) => ({ ...change, atMs: Date.parse(change.at) }))
    .sort((a, b) => a.atMs - b.atMs);
  const spans: Span[] = [];
  const first = changes[0];
  if (first === undefined || first.atMs > from) {
    spans.push({ state: 'unknown', cause: 'registered', from, to: first?.atMs ?? to });
  }
  changes.forEach((change, index) => {
    const start = Math.max(from, change.atMs);
    const end = Math.min(to, changes[index + 1]?.atMs ?? to);
    if (end <= start) return;
    const before = spans.at(-1);
    if (before !== undefined && before.state === change.state) {
      spans[spans.length - 1] = { ...before, to: end };
      return;
    }
    spans.push({ state: change.state, cause: change.cause, from: start, to: end });
  });
  return spans;
}

/** A share of time as percent, never rounded up to all of it: `99.97 %`. */
export function describeShare(share: number): string {
  const percent = share * 100;
  if (share === 0 || share === 1) return `${percent}\u202f%`;
  const digits = percent > 99 ? 2 : 1;
  const cut = Math.floor(percent * 10 ** digits) / 10 ** digits;
  return `${cut.toFixed(digits)}\u202f%`;
}

/** True for the times that a chart hatches: the device was away, so no line is no news. */
export function isAway(state: PresenceState): boolean {
  return state === 'offline' || state === 'flapping';
}
