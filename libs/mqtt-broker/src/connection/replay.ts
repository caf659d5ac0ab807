// Retained messages for new subscriptions, in slices: one SUBSCRIBE may ask for every retained message a
// hundred thousand times over, and others must have their turns in between. While it goes on, the client's
// own packets wait.

import type { Subscription } from '../session/session.js';
import type { Connection } from './connection.js';
import type { Core } from './core.js';
import type { Open } from './phase.js';
import { forgetRetained, retainedFor } from './publish-message.js';
import { RetainSources } from './retain-source.js';
import { toMessage } from './retained-message.js';

/** Messages handed over before others have a turn. */
const SLICE = 512;

export function replayRetained(
  connection: Connection,
  open: Open,
  subscriptions: readonly Subscription[],
): void {
  const { core, effects, replays, settings } = connection;
  if (connection.phase !== open) return;
  const isRunning = replays.length > 0;
  for (const subscription of subscriptions) replays.push(subscription);
  if (isRunning) return;
  const sources = settings.checkRetainSource ? new RetainSources(core) : undefined;
  const steps = replay(core, open, replays, sources);
  const goOn = (isHeld: boolean): void => {
    const after = spendSlice(steps);
    if (after === 'done') {
      replays.length = 0;
      if (isHeld) connection.releaseReading();
      return;
    }
    if (!isHeld) connection.holdReading();
    const later = (): void => {
      effects.later(() => {
        if (connection.phase === open) goOn(true);
      });
    };
    if (after === 'more') later();
    else void after.then(later);
  };
  goOn(false);
}

/** A promise is one to wait for; it never rejects. */
type Step = number | Promise<void>;

function spendSlice(steps: Iterator<Step>): 'done' | 'more' | Promise<void> {
  for (let spent = 0; spent < SLICE;) {
    const { done, value } = steps.next();
    if (done === true) return 'done';
    if (typeof value !== 'number') return value;
    spent += value;
  }
  return 'more';
}

/** Yields what each step has cost, in messages. Subscriptions may be added while it goes on. */
function* replay(
  core: Core,
  { session }: Open,
  subscriptions: readonly Subscription[],
  sources: RetainSources | undefined,
): Generator<Step> {
  for (const subscription of subscriptions) {
    const { identifier, filter, noLocal } = subscription;
    const subscriptionIdentifiers = identifier === 0 ? undefined : [identifier];
    const expired: string[] = [];
    // A wildcard may visit the whole store and find nothing.
    const isWide = filter.levels.some((level) => level === '+' || level === '#');
    const store = retainedFor(core, filter.filter);
    yield isWide ? Math.min(SLICE, store.size) : 1;
    for (const retained of store.match(filter.levels)) {
      yield 1;
      const message = toMessage(core, retained);
      if (message.isExpired(core.clock.now())) {
        expired.push(retained.topic);
        continue;
      }
      if (sources !== undefined) {
        const answer = sources.lookUp(retained);
        if (answer !== undefined) yield answer;
        if (!sources.mayHave(retained)) continue;
      }
      if (noLocal && retained.publisher === session.key) continue;
      const isLower = message.qos < subscription.qos && !session.terms.upgradeOutgoingQos;
      const qos = isLower ? message.qos : subscription.qos;
      if (qos === 0)
        session.deliverQos0(message, true, subscriptionIdentifiers); // [MQTT3-3.3.1-8]
      else {
        const terms = { qos, retain: true, subscriptionIdentifiers };
        session.deliver({ message, ...terms, share: undefined, recordId: 0 });
      }
    }
    for (const topic of expired) forgetRetained(core, topic);
  }
}
