// How much one address may ask of the broker: connections at a time, and wrong credentials in a minute. Both maps are
// bounded: one by the connections that are open, the other by forgetting.

import type { Clock } from '../clock.js';
import { ReasonCode } from '../codec/reason-codes.js';
import type { Limits } from '../limits.js';

const MINUTE_MS = 60_000;
/** Addresses whose failures are remembered; beyond, the one that failed longest ago is forgotten. */
const REMEMBERED_ADDRESSES = 10_000;

/** What a wrong guess is answered with. A connection that merely ends, as those of health checks do, is none. */
const FAILURES: ReadonlySet<number> = new Set([
  ReasonCode.badUserNameOrPassword,
  ReasonCode.notAuthorized,
  ReasonCode.banned,
]);

interface Failures {
  /** Not forgotten yet; one is with every `MINUTE_MS / limit`. */
  level: number;
  atMs: number;
}

type AddressLimits = Pick<Limits, 'maxConnectionsPerAddress' | 'maxFailedLoginsPerAddress'>;

export class Visitors {
  readonly #limits: AddressLimits;
  readonly #clock: Clock;
  readonly #connections = new Map<string, number>();
  readonly #failures = new Map<string, Failures>();

  constructor(limits: AddressLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Why one more connection of this address may not begin; undefined when it may. */
  objection(address: string): string | undefined {
    const { maxConnectionsPerAddress, maxFailedLoginsPerAddress } = this.#limits;
    const visitor = visitorOf(address);
    const connections = this.#connections.get(visitor) ?? 0;
    if (maxConnectionsPerAddress > 0 && connections >= maxConnectionsPerAddress) {
      return `${connections} connections of this address are open`;
    }
    const failures = this.#failures.get(visitor);
    const isTrying = failures !== undefined && maxFailedLoginsPerAddress > 0;
    // More than all but one: the next guess is free again only when a whole one is forgotten.
    if (isTrying && this.#levelNow(failures) > maxFailedLoginsPerAddress - 1) {
      return 'too many wrong credentials from this address';
    }
    return undefined;
  }

  /** A connection began. */
  enter(address: string): void {
    const visitor = visitorOf(address);
    this.#connections.set(visitor, (this.#connections.get(visitor) ?? 0) + 1);
  }

  /** A connection that entered has ended. */
  leave(address: string): void {
    const visitor = visitorOf(address);
    const left = (this.#connections.get(visitor) ?? 1) - 1;
    if (left === 0) this.#connections.delete(visitor);
    else this.#connections.set(visitor, left);
  }

  /** A CONNECT was refused. */
  refused(address: string, reasonCode: number): void {
    if (this.#limits.maxFailedLoginsPerAddress === 0 || !FAILURES.has(reasonCode)) return;
    const visitor = visitorOf(address);
    const before = this.#failures.get(visitor);
    const level = before === undefined ? 0 : this.#levelNow(before);
    this.#failures.delete(visitor);
    this.#failures.set(visitor, { level: level + 1, atMs: this.#clock.now() });
    if (this.#failures.size <= REMEMBERED_ADDRESSES) return;
    for (const [oldest] of this.#failures) {
      this.#failures.delete(oldest);
      break;
    }
  }

  #levelNow({ level, atMs }: Failures): number {
    const forgotten =
      ((this.#clock.now() - atMs) * this.#limits.maxFailedLoginsPerAddress) / MINUTE_MS;
    return Math.max(0, level - forgotten);
  }
}

/** Who an address is: of IPv6 the first 64 bits, because the rest is the visitor's own to choose. */
export function visitorOf(address: string): string {
  const [plain = ''] = address.split('%');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':');
    while (groups.length + after.length < 8) groups.push('0');
    groups.push(...after);
  }
  return groups.slice(0, 4).join(':');
}
