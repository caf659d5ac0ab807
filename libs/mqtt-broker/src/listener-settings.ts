// What the clients of one listener get, where it differs from the broker's own defaults. Resolved once per listener:
// whoever asks later reads a complete object.

import type { Authenticator } from './auth/authenticator.js';
import type { EnhancedAuthenticator } from './auth/enhanced-authenticator.js';
import type { Limits } from './limits.js';
import type { ProtocolVersion, QoS } from './message.js';

/** The limits that a listener may have of its own. */
export const listenerLimits = [
  'maxPacketBytes',
  'maxPayloadBytes',
  'maxKeepAliveSeconds',
  'maxSessionExpirySeconds',
  'receiveMaximum',
  'topicAliasMaximum',
  'maxOutgoingTopicAliases',
  'maxInflightMessages',
  'maxInflightBytes',
  'maxQueuedMessages',
  'maxQueuedBytes',
] as const satisfies readonly (keyof Limits)[];

/** The bounds of a listener's own, each named and explained as in `Limits`. */
export type ListenerLimits = Pick<Limits, (typeof listenerLimits)[number]>;

type Bounds = ListenerLimits & Pick<Limits, 'maxConnections'>;

/** No packet can be larger. (2.1.4) */
export const LARGEST_PACKET_BYTES = 268_435_460;

/** Whose reason codes. */
export type Dialect = 'specification' | 'mosquitto';

/** What a listener's clients get. What is not said is as the broker has it. */
export interface ListenerSettings extends Partial<ListenerLimits> {
  /** Says who a client of this listener is. @default the broker's own */
  authenticator?: Authenticator;
  /**
   * The authentication methods of this listener. @default the broker's own, but none where the listener has an
   * authenticator of its own
   */
  enhancedAuthenticators?: readonly EnhancedAuthenticator[];
  /** Open network connections of this listener; more are closed at once. @default only the broker's own limit holds */
  maxConnections?: number;
  /**
   * Put before every topic that its clients publish or subscribe to, and taken off what is delivered to them: they see
   * only what lies below it, as if that were all. @default none
   */
  mountPoint?: string;
  /** The highest QoS of its clients, in both directions; announced to v5 clients. @default 2 */
  maximumQos?: QoS;
  /** Whether its clients may publish retained messages; announced to v5 clients. @default true */
  retainAvailable?: boolean;
  /** Whether its clients may subscribe with `+` and `#`; announced to v5 clients. @default true */
  wildcardSubscriptionAvailable?: boolean;
  /** Whether its clients may share subscriptions; announced to v5 clients. @default true */
  sharedSubscriptionAvailable?: boolean;
  /** Whether its clients may give subscriptions identifiers; announced to v5 clients. @default true */
  subscriptionIdentifierAvailable?: boolean;
  /** The protocol levels that are served: 3 is MQTT 3.1, 4 is 3.1.1, 5 is 5.0. @default all of them */
  protocolVersions?: readonly ProtocolVersion[];
  /** Whether a client may leave it to the broker to name it. @default true */
  allowZeroLengthClientId?: boolean;
  /** What the names begin with that the broker gives. @default auto- */
  assignedClientIdPrefix?: string;
  /** Whether a client's user name takes the place of its client identifier; without one it is refused. @default false */
  useUsernameAsClientId?: boolean;
  /** What a client identifier must begin with: one of these. @default anything */
  clientIdPrefixes?: readonly string[];
  /**
   * Whether the publisher of a retained message must still have the right to publish it when a new subscriber is to get
   * it; asks the authenticator's `recall` for those who are not connected. @default false
   */
  checkRetainSource?: boolean;
  /** Whether QoS 0 messages wait for sessions that have no connection. @default false */
  queueQos0?: boolean;
  /** Whether v5 clients are told in words why they are refused or disconnected. @default true */
  reasonStrings?: boolean;
  /**
   * How what the protocol does not allow is answered: with the specification's reason codes, or with those that
   * Mosquitto says instead, or with none, as it does. @default specification
   */
  dialect?: Dialect;
  /** Whether a 5.0 publisher at QoS 1 is told by 0x10 that nobody subscribes to its topic. @default false */
  tellsNoSubscribers?: boolean;
  /** Whether messages go out at the subscription's QoS also when that is higher than theirs. @default false */
  upgradeOutgoingQos?: boolean;
}

/** All there is to know about a listener's terms. */
export interface ResolvedSettings extends Readonly<ListenerLimits> {
  readonly authenticator: Authenticator;
  readonly enhancedAuthenticators: readonly EnhancedAuthenticator[];
  readonly maxConnections: number;
  /** Empty for none. */
  readonly mountPoint: string;
  readonly maximumQos: QoS;
  readonly retainAvailable: boolean;
  readonly wildcardSubscriptionAvailable: boolean;
  readonly sharedSubscriptionAvailable: boolean;
  readonly subscriptionIdentifierAvailable: boolean;
  readonly protocolVersions: readonly ProtocolVersion[];
  readonly allowZeroLengthClientId: boolean;
  readonly assignedClientIdPrefix: string;
  readonly useUsernameAsClientId: boolean;
  /** Undefined for anything. */
  readonly clientIdPrefixes: readonly string[] | undefined;
  readonly checkRetainSource: boolean;
  readonly queueQos0: boolean;
  readonly reasonStrings: boolean;
  readonly dialect: Dialect;
  readonly tellsNoSubscribers: boolean;
  readonly upgradeOutgoingQos: boolean;
}

/** A broker's terms where neither it nor a listener says otherwise. */
export function defaultSettings(
  limits: Limits,
  authenticator: Authenticator,
  enhancedAuthenticators: readonly EnhancedAuthenticator[] = [],
): ResolvedSettings {
  return Object.freeze<ResolvedSettings>({
    ...boundsOf(limits),
    authenticator,
    enhancedAuthenticators,
    mountPoint: '',
    maximumQos: 2,
    retainAvailable: true,
    wildcardSubscriptionAvailable: true,
    sharedSubscriptionAvailable: true,
    subscriptionIdentifierAvailable: true,
    protocolVersions: [3, 4, 5],
    allowZeroLengthClientId: true,
    assignedClientIdPrefix: 'auto-',
    useUsernameAsClientId: false,
    clientIdPrefixes: undefined,
    checkRetainSource: false,
    queueQos0: false,
    reasonStrings: true,
    dialect: 'specification',
    tellsNoSubscribers: false,
    upgradeOutgoingQos: false,
  });
}

/** `own` over `defaults`. Throws a RangeError naming a setting that is impossible. */
export function resolveSettings(
  defaults: ResolvedSettings,
  own: ListenerSettings = {},
): ResolvedSettings {
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  // A listener that says itself who may enter has no second door that it does not know of.
  const methods = own.authenticator === undefined ? defaults.enhancedAuthenticators : [];
  const settings = {
    ...defaults,
    enhancedAuthenticators: methods,
    ...(Object.fromEntries(given) as Partial<ResolvedSettings>),
  };
  check(settings);
  return Object.freeze(settings);
}

/** The numbers among the settings, under their names as limits. */
export function boundsOf(settings: Readonly<Bounds>): Bounds {
  const bounds = { maxConnections: settings.maxConnections } as Bounds;
  for (const name of listenerLimits) bounds[name] = settings[name];
  return bounds;
}

function check(settings: ResolvedSettings): void {
  for (const name of ['maxConnections', ...listenerLimits] as const) {
    const [least, most] = ranges[name] ?? [0, Number.MAX_SAFE_INTEGER];
    const value = settings[name];
    if (!Number.isSafeInteger(value) || value < least || value > most) {
      throw impossible(name, value, `a whole number from ${least} to ${most}`);
    }
  }
  const { mountPoint, maximumQos, protocolVersions } = settings;
  if (![0, 1, 2].includes(maximumQos)) throw impossible('maximumQos', maximumQos, '0, 1 or 2');
  if (protocolVersions.length === 0 || !protocolVersions.every((one) => [3, 4, 5].includes(one))) {
    throw impossible('protocolVersions', protocolVersions, 'some of 3, 4 and 5');
  }
  const isTopicStart = ['+', '#', '\0'].every((one) => !mountPoint.includes(one));
  if (!isTopicStart || mountPoint.startsWith('$') || !mountPoint.isWellFormed()) {
    throw impossible('mountPoint', mountPoint, 'the beginning of topic names, without wildcards');
  }
}

// What the protocol has no room for. (3.1.2.10, 3.2.2.3)
const ranges: Partial<Record<keyof Bounds, readonly [number, number]>> = {
  maxKeepAliveSeconds: [0, 0xffff],
  receiveMaximum: [1, 0xffff],
  topicAliasMaximum: [0, 0xffff],
  maxOutgoingTopicAliases: [0, 0xffff],
  maxPacketBytes: [1, LARGEST_PACKET_BYTES],
};

function impossible(name: string, value: unknown, wanted: string): RangeError {
  return new RangeError(`setting ${name} must be ${wanted}, not ${JSON.stringify(value)}`);
}
