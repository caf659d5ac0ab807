// What a listener's settings say to a CONNECT, before anybody asks who it comes from.

import type { ConnectPacket, Will } from '../codec/packets.js';
import { ReasonCode } from '../codec/reason-codes.js';
import type { ResolvedSettings } from '../listener-settings.js';
import type { Core } from './core.js';
import { policyOf } from './version-policy.js';

/** Why a CONNECT goes no further. */
export interface Objection {
  readonly reasonCode: number;
  readonly reason: string;
}

/** Undefined when the listener has nothing against it. */
export function judgeConnect(
  settings: ResolvedSettings,
  { protocolVersion, will, keepAliveSeconds }: ConnectPacket,
): Objection | undefined {
  if (!settings.protocolVersions.includes(protocolVersion)) {
    const reason = 'the protocol version is not served here';
    return { reasonCode: ReasonCode.unsupportedProtocolVersion, reason };
  }
  // Only v5 can be told another keep alive than it asked for.
  if (protocolVersion !== 5 && keepAliveWithin(settings, keepAliveSeconds) !== keepAliveSeconds) {
    const reason = `keep alive is longer than ${settings.maxKeepAliveSeconds} s`;
    return { reasonCode: ReasonCode.clientIdentifierNotValid, reason };
  }
  return will === undefined ? undefined : judgeWill(settings, will);
}

function judgeWill(
  { maximumQos, retainAvailable, maxPayloadBytes }: ResolvedSettings,
  { qos, retain, payload }: Will,
): Objection | undefined {
  if (qos > maximumQos) {
    const reason = `the will's QoS is above ${maximumQos}`;
    return { reasonCode: ReasonCode.qosNotSupported, reason }; // [MQTT-3.2.2-12]
  }
  if (retain && !retainAvailable) {
    const reason = 'the will would be retained';
    return { reasonCode: ReasonCode.retainNotSupported, reason }; // [MQTT-3.2.2-13]
  }
  if (payload.length > maxPayloadBytes) {
    const reason = `the will's payload has more than ${maxPayloadBytes} bytes`;
    return { reasonCode: ReasonCode.packetTooLarge, reason };
  }
  return undefined;
}

/** The keep alive that holds for a client which asked for `seconds`. */
export function keepAliveWithin(
  { maxKeepAliveSeconds }: ResolvedSettings,
  seconds: number,
): number {
  if (maxKeepAliveSeconds >= 0xffff) return seconds;
  return seconds === 0 ? maxKeepAliveSeconds : Math.min(seconds, maxKeepAliveSeconds);
}

/** The client identifier that a CONNECT goes on with, or what is wrong with it. */
export function clientIdOf(
  core: Core,
  settings: ResolvedSettings,
  { clientId, username, cleanStart, protocolVersion }: ConnectPacket,
): string | Objection {
  const { assignsClientIds, refusesEmptyClientId } = policyOf(protocolVersion);
  const isAssigned =
    settings.allowZeroLengthClientId &&
    (assignsClientIds === 'always' || (assignsClientIds === 'clean-start' && cleanStart));
  if (clientId === '' && !isAssigned) {
    return { reasonCode: refusesEmptyClientId, reason: 'client identifier is empty' }; // [MQTT3-3.1.3-8]
  }
  const own = clientId || core.assignClientId(settings.assignedClientIdPrefix); // [MQTT-3.1.3-6] [MQTT-3.1.3-7]
  const { clientIdPrefixes, useUsernameAsClientId } = settings;
  if (clientIdPrefixes?.some((prefix) => own.startsWith(prefix)) === false) {
    const reason = 'client identifiers begin otherwise here';
    return { reasonCode: ReasonCode.notAuthorized, reason };
  }
  const chosen = useUsernameAsClientId ? username : own;
  if (chosen === undefined || chosen === '') {
    const reason = 'there is no user name to be the client identifier';
    return { reasonCode: ReasonCode.notAuthorized, reason };
  }
  const { maxClientIdBytes } = core.limits;
  if (Buffer.byteLength(chosen) > maxClientIdBytes) {
    const reason = `client identifier is longer than ${maxClientIdBytes} bytes`;
    return { reasonCode: ReasonCode.clientIdentifierNotValid, reason }; // [MQTT-3.1.3-8]
  }
  return chosen;
}
