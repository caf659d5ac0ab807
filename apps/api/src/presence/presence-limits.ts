// The times that presence is judged by. Milliseconds.

/** A device that declares an interval is late when it missed two, and never before this much over one. */
export const LATE_SLACK_MS = 5_000;
/** Interval assumed of a device that sleeps without saying for how long. */
export const ASSUMED_SLEEP_MS = 3_600_000;
/** A sleeping device that stays silent is late for this long, and for `GONE_INTERVALS`; then it is offline. */
export const GONE_AFTER_MS = 24 * 3_600_000;
export const GONE_INTERVALS = 10;
/** Lost connections within `FLAP_WINDOW_MS` that make a device flapping, until none was lost for `FLAP_CALM_MS`. */
export const FLAP_LOSSES = 5;
export const FLAP_WINDOW_MS = 300_000;
export const FLAP_CALM_MS = 60_000;
/** After a start of the server, how long a device that was there may take to come back before it is offline. */
export const RESTART_GRACE_MS = 60_000;
/** How long a take-over may stand between the end of the old connection and the start of the new one. */
export const TAKE_OVER_MS = 5_000;
