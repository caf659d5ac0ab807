import type { Principal } from '../auth/principal.js';
import type { Sender } from '../message.js';
import type { Core } from './core.js';

/** Whether a client may publish to a topic. $SYS is the broker's own to publish. (4.7.2) */
export function mayPublish(principal: Principal, topic: string): boolean {
  return isTrue(principal.canPublish(topic)) && !isSys(topic);
}

/** Whether a topic, or all that a filter can match, is the broker's own. */
export function isSys(topic: string): boolean {
  return topic.startsWith('$SYS') && (topic.length === 4 || topic[4] === '/');
}

export function maySubscribe(principal: Principal, filter: string): boolean {
  return isTrue(principal.canSubscribe(filter));
}

/** A promise, from a check that should have been synchronous, is no permission. */
function isTrue(answer: unknown): boolean {
  return answer === true;
}

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
