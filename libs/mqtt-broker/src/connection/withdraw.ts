import type { Principal } from '../auth/principal.js';
import type { Session } from '../session/session.js';
import { matchesTopic, type TopicFilter } from '../topic/topic-filter.js';
import type { Topic } from '../topic/topic-name.js';
import type { Core } from './core.js';
import { maySubscribe } from './deny.js';

/** What the principal lost the right to since it was last asked is taken out of its session. */
export function withdraw(core: Core, session: Session, principal: Principal): void {
  const lost: TopicFilter[] = [];
  for (const [text, { filter }] of session.subscriptions) {
    if (maySubscribe(principal, filter.filter)) continue;
    lost.push(filter);
    session.subscriptions.delete(text);
    session.record?.unsubscribed(text);
    core.index.remove(session, filter);
  }
  const left = Array.from(session.subscriptions.values(), (one) => one.filter);
  const matches = (filters: TopicFilter[], { levels }: Topic): boolean =>
    filters.some((filter) => matchesTopic(filter.levels, levels));
  session.dropUnless(
    ({ address }) =>
      principal.canReceive?.(address.name) !== false &&
      (!matches(lost, address) || matches(left, address)),
  );
}
