// What a session and the router may ask of the connection that a session has at the moment.

import type { Principal } from '../auth/principal.js';
import type { DisconnectCause } from '../events.js';
import type { QoS } from '../message.js';
import type { RoutedMessage } from '../routing/routed-message.js';
import type { TopicFilter } from '../topic/topic-filter.js';

/** One PUBLISH to one receiver. */
export interface Delivery {
  readonly message: RoutedMessage;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly subscriptionIdentifiers: readonly number[] | undefined;
  /** The shared subscription that brought it: another member may get it instead. */
  readonly share: TopicFilter | undefined;
  /** Its number in the journal; 0 while nothing is recorded of it. */
  recordId: number;
}

export interface SessionLink {
  readonly address: string;
  /** Whom it acts for; undefined once the connection has ended. */
  readonly principal: Principal | undefined;
  /** QoS 1 and 2 deliveries that may be under way at once. */
  readonly sendQuota: number;
  /** Whether so much is unsent that messages had better wait. */
  readonly congested: boolean;
  /** The principal's say on each delivery, when it has one. Another after a re-authentication. */
  canReceive: ((topic: string) => boolean) | undefined;
  deliverQos0(
    message: RoutedMessage,
    retain: boolean,
    subscriptionIdentifiers: readonly number[] | undefined,
  ): 'sent' | 'packet-too-large' | 'slow-consumer';
  deliver(delivery: Delivery, packetId: number, dup: boolean): 'sent' | 'packet-too-large';
  sendPubrel(packetId: number): void;
  end(cause: DisconnectCause, reasonCode: number, takenOverBy?: string): void;
}
