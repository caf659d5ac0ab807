/**
 * Who a connection acts for and what it may do. The checks are synchronous because they run for
 * every message; look things up when authenticating.
 */
export interface Principal {
  /** Owns sessions: a session is resumed only by the principal that made it. */
  readonly id: string;
  canPublish(topic: string): boolean;
  /**
   * For `$share/group/filter` it is asked about `filter`. Filters that begin with `$SYS` are asked for like all others:
   * how the broker is doing is for those who may know. No wildcard reaches there, so a principal whose rights are filters
   * must not take `#` for a right to `$SYS/…`.
   */
  canSubscribe(filter: string): boolean;
  /** Asked for each delivery when present; without it, being allowed to subscribe is enough. */
  canReceive?(topic: string): boolean;
  /** The embedding program's own; the broker never looks inside. */
  readonly data?: unknown;
}
