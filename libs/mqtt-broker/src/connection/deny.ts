import type { Sender } from '../message.js';
import type { Core } from './core.js';

/** Counts and announces what a principal may not do. */
export function deny(
  core: Core,
  { clientId, principal }: Sender,
  action: 'publish' | 'subscribe' | 'will',
  topic: string,
): void {
  core.counters.denied[action]++;
  core.events.emit('denied', { clientId, principal, action, topic, atMs: core.clock.now() });
}
