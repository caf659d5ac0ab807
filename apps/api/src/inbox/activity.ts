// How busy a topic is of late: each message counts 1 and fades. Pure; the repository adds up the same in SQL.

/** After this long a message counts 1/e, in seconds: long enough for what speaks every few minutes. */
export const ACTIVITY_FADES_SECONDS = 600;
/** A topic that is younger says nothing yet, in seconds. */
const YOUNGEST_SECONDS = 10;

interface Activity {
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly activity: number;
}

/** Messages a minute; null for a topic that is too young. */
export function ratePerMinute(
  { firstSeenAt, lastSeenAt, activity }: Activity,
  nowMs: number,
): number | null {
  const age = (nowMs - firstSeenAt.getTime()) / 1_000;
  if (age < YOUNGEST_SECONDS) return null;
  const silence = Math.max(0, nowMs - lastSeenAt.getTime()) / 1_000;
  const left = activity * Math.exp(-silence / ACTIVITY_FADES_SECONDS);
  // What a topic of one message a second would have by now, had it begun then.
  const full = ACTIVITY_FADES_SECONDS * (1 - Math.exp(-age / ACTIVITY_FADES_SECONDS));
  return Number(((left / full) * 60).toPrecision(3));
}
