// What all connections of a broker share.

import type { Authenticator, Transport } from '../auth/authenticator.js';
import type { ClientCertificate } from '../auth/client-certificate.js';
import type { Clock } from '../clock.js';
import type { Counters } from '../counters.js';
import type { DropReporter } from '../drop-reporter.js';
import type { EventHub } from '../event-hub.js';
import type { DisconnectCause } from '../events.js';
import type { Limits } from '../limits.js';
import type { ResolvedSettings } from '../listener-settings.js';
import type { InMemoryRetainedStore } from '../retained/in-memory-retained-store.js';
import type { Router } from '../routing/router.js';
import type { SubscriptionIndex } from '../routing/subscription-index.js';
import type { SessionRegistry } from '../session/session-registry.js';
import type { Journal } from '../storage/journal.js';
import type { TopicTable } from '../topic/topic-name.js';
import type { Acceptance } from './acceptance.js';
import type { AckPatience, Owing } from './ack-patience.js';
import type { Deadlines } from './deadlines.js';
import type { Phase } from './phase.js';

export interface Core {
  readonly limits: Limits;
  readonly clock: Clock;
  /** The broker's own first, then those of its listeners. */
  readonly authenticators: ReadonlySet<Authenticator>;
  /** What a connection gets whose listener has no settings of its own. */
  readonly settings: ResolvedSettings;
  readonly acceptance: Acceptance;
  readonly topics: TopicTable;
  readonly retained: InMemoryRetainedStore;
  /** What is retained below $SYS: the broker's own, kept apart so that it takes no room from anybody. */
  readonly retainedSys: InMemoryRetainedStore;
  readonly journal: Journal;
  readonly sessions: SessionRegistry;
  readonly index: SubscriptionIndex;
  readonly router: Router;
  readonly events: EventHub;
  readonly counters: Counters;
  readonly drops: DropReporter;
  readonly deadlines: Deadlines;
  /** Connections with an accepted CONNECT. */
  readonly open: Set<Running>;
  readonly ackPatience: AckPatience;
  readonly deniedPublish3: 'acknowledge' | 'disconnect';
  readonly refusedPublish3: 'acknowledge' | 'disconnect';
  readonly receiveMaximumExceeded: 'disconnect' | 'tolerate';
  readonly onError: (error: unknown) => void;
  /** A client identifier that nobody has. */
  readonly assignClientId: (prefix: string) => string;
}

/** Where a connection comes from. */
export interface Peer {
  readonly address: string;
  readonly transport: Transport;
  /** The listener's name. */
  readonly listener?: string | undefined;
  /** Read once, when the client is authenticated. */
  readonly certificate?: ClientCertificate | undefined;
}

/** How a connection ends. */
export interface Ending {
  cause: DisconnectCause;
  reasonCode: number;
  /** Told to v5 clients. */
  reason?: string;
  /** Nobody is told. */
  isSilent?: boolean;
  takenOverBy?: string;
}

/** A connection as those see it who list or end connections. */
export interface Running extends Owing {
  readonly phase: Phase;
  readonly peer: Peer;
  end(ending: Ending): void;
}
