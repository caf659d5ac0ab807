import type { Limits } from '../limits.js';
import { boundsOf, type ResolvedSettings } from '../listener-settings.js';

/** What the connections of one listener have in common. */
export interface Entrance {
  readonly settings: ResolvedSettings;
  /** Now: how many speak MQTT, and how many are in a handshake before it. */
  connections: number;
  guests: number;
}

/** The broker's limits with the listener's own over them. */
export function limitsOf({ settings }: Entrance, limits: Limits): Limits {
  return { ...limits, ...boundsOf(settings) };
}
