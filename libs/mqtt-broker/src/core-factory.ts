// The parts that all connections share, put together from the options.

import { randomUUID } from 'node:crypto';
import type { Authenticator } from './auth/authenticator.js';
import { denyAll } from './auth/deny-all.js';
import { Acceptance } from './connection/acceptance.js';
import { AckPatience } from './connection/ack-patience.js';
import type { Core, Running } from './connection/core.js';
import { Deadlines } from './connection/deadlines.js';
import { Counters } from './counters.js';
import { systemClock } from './driver/system-clock.js';
import { DropReporter } from './drop-reporter.js';
import { EventHub } from './event-hub.js';
import { defaultSettings, type ResolvedSettings, resolveSettings } from './listener-settings.js';
import { type BrokerOptions, resolveLimits } from './options.js';
import { InMemoryRetainedStore } from './retained/in-memory-retained-store.js';
import { Router } from './routing/router.js';
import { SubscriptionIndex } from './routing/subscription-index.js';
import { SessionRegistry } from './session/session-registry.js';
import { Journal } from './storage/journal.js';
import { TopicTable } from './topic/topic-name.js';

export function makeCore(options: BrokerOptions): Core {
  const limits = resolveLimits(options.limits);
  const clock = options.clock ?? systemClock;
  const onError = options.onError ?? ((error: unknown) => process.emitWarning(toError(error)));
  const events = new EventHub(onError);
  const counters = new Counters();
  const drops = new DropReporter(clock, events, counters);
  const index = new SubscriptionIndex();
  const router = new Router(index, onError);
  const authenticator = options.authenticator ?? denyAll();
  const settings = resolveSettings(
    defaultSettings(limits, authenticator, options.enhancedAuthenticators),
    options.settings,
  );
  const journal = new Journal(options.storage, onError);
  const open = new Set<Running>();
  return {
    limits,
    clock,
    authenticators: authenticatorsOf(settings, options),
    settings,
    acceptance: new Acceptance(options.accept, counters),
    topics: new TopicTable(limits, limits.topicCacheEntries),
    retained: new InMemoryRetainedStore(),
    retainedSys: new InMemoryRetainedStore(),
    journal,
    sessions: new SessionRegistry(limits, {
      clock,
      index,
      journal,
      terms: settings,
      onExpired: () => void counters.expiredSessions++,
      reportDrop: (session, message, reason) =>
        drops.report(session.clientId, message.topic, reason),
      redeliver: (delivery, from, mayWait) => router.redeliver(delivery, from, mayWait),
    }),
    index,
    router,
    events,
    counters,
    drops,
    deadlines: new Deadlines(clock, onError),
    open,
    ackPatience: new AckPatience(clock, open, limits.maxAckWaitMs),
    deniedPublish3: options.deniedPublish3 ?? 'acknowledge',
    refusedPublish3: options.refusedPublish3 ?? 'disconnect',
    receiveMaximumExceeded: options.receiveMaximumExceeded ?? 'disconnect',
    onError,
    assignClientId: (prefix) => `${prefix}${randomUUID()}`,
  };
}

function authenticatorsOf(
  { authenticator }: ResolvedSettings,
  { authenticator: own, listeners }: BrokerOptions,
): Set<Authenticator> {
  const all = [own, authenticator, ...listeners.map(({ settings }) => settings?.authenticator)];
  return new Set(all.filter((one) => one !== undefined));
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
