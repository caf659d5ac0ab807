// CONNECT: from credentials to a principal, from a client identifier to a session, then CONNACK.

import {
  type Credentials,
  isPrincipal,
  isRefusal,
  isThenable,
  refusalCode,
  type Refusal,
} from '../auth/authenticator.js';
import type { Principal } from '../auth/principal.js';
import type { ConnackPacket, ConnectPacket } from '../codec/packets.js';
import type { Properties } from '../codec/properties.js';
import { ReasonCode } from '../codec/reason-codes.js';
import { LARGEST_PACKET_BYTES, type ResolvedSettings } from '../listener-settings.js';
import { LateMap } from '../late-map.js';
import type { Sender } from '../message.js';
import type { Session } from '../session/session.js';
import { authProperties, Exchange } from './auth-exchange.js';
import type { Connection } from './connection.js';
import { deny, mayPublish } from './deny.js';
import { checkCharacters } from './dialect.js';
import type { PeerAbilities } from './effects.js';
import { clientIdOf, judgeConnect, keepAliveWithin } from './judge-connect.js';
import { ConnectionLink } from './link.js';
import { mountWill } from './mount.js';
import type { Authentication, Open } from './phase.js';
import { policyOf } from './version-policy.js';
import { toStored } from './will.js';
import { withdraw } from './withdraw.js';

/** Checks what needs no authentication, then asks for it. Reading is paused until the answer. */
export function receiveConnect(connection: Connection, packet: ConnectPacket): void {
  const { core, settings } = connection;
  if (settings.dialect === 'mosquitto') checkCharacters(packet);
  const version = packet.protocolVersion;
  connection.phase = { at: 'authenticating', connect: packet };
  core.counters.connects++;
  const clientId = judgeConnect(settings, packet) ?? clientIdOf(core, settings, packet);
  if (typeof clientId !== 'string') {
    connection.refuse(clientId.reasonCode, clientId.reason, version);
    return;
  }
  const will = mountWill(core, settings.mountPoint, packet.will);
  const connect = { ...packet, clientId, will };
  connection.phase = { at: 'authenticating', connect };
  const assigned = packet.clientId === '';
  const method = connect.properties.authenticationMethod;
  if (method === undefined) authenticate(connection, connect, assigned);
  else authenticateBy(connection, connect, assigned, method);
}

/** Enhanced authentication: an exchange of AUTH packets before the CONNACK. (4.12) */
function authenticateBy(
  connection: Connection,
  connect: ConnectPacket,
  assigned: boolean,
  method: string,
): void {
  const authenticator = connection.settings.enhancedAuthenticators.find(
    (one) => one.method === method,
  );
  const version = connect.protocolVersion;
  if (authenticator === undefined) {
    const reason = 'the authentication method is not supported';
    connection.refuse(ReasonCode.badAuthenticationMethod, reason, version); // [MQTT-4.12.0-1]
    return;
  }
  const context = credentialsOf(connection, connect);
  const { password: _, ...kept } = context;
  const exchange = new Exchange(connection, authenticator, context, {
    pausesReading: true,
    success: ({ principal, data }) =>
      open(connection, connect, principal, assigned, { authenticator, context: kept }, data),
    refused: (refusal) => refuse(connection, connect, refusal), // [MQTT-4.12.0-4]
  });
  connection.phase = { at: 'exchanging', connect, method, exchange };
  connection.effects.beginExchange(abilitiesOf(connect));
  exchange.take(connect.properties.authenticationData);
}

function credentialsOf({ peer }: Connection, connect: ConnectPacket): Credentials {
  const { listener, certificate } = peer;
  return {
    clientId: connect.clientId,
    ...(connect.username === undefined ? {} : { username: connect.username }),
    ...(connect.password === undefined ? {} : { password: connect.password }),
    address: peer.address,
    transport: peer.transport,
    ...(listener === undefined ? {} : { listener }),
    ...(certificate === undefined ? {} : { certificate }),
    protocolVersion: connect.protocolVersion,
  };
}

function refuse(
  connection: Connection,
  { protocolVersion }: ConnectPacket,
  refusal: Refusal,
): void {
  const reason = refusal.reason ?? 'the authenticator refused';
  connection.refuse(refusalCode(refusal), reason, protocolVersion);
}

function authenticate(connection: Connection, connect: ConnectPacket, assigned: boolean): void {
  const { core } = connection;
  const settle = (answer: Principal | Refusal): void => {
    if (connection.phase.at !== 'authenticating') return;
    if (isRefusal(answer)) refuse(connection, connect, answer);
    else if (isPrincipal(answer)) open(connection, connect, answer, assigned);
    else {
      core.onError(new TypeError('the authenticator answered neither a principal nor a refusal'));
      fail();
    }
  };
  const fail = (): void => {
    const reason = 'authentication is not available';
    connection.refuse(ReasonCode.serverUnavailable, reason, connect.protocolVersion);
  };
  let answer: Principal | Refusal | Promise<Principal | Refusal>;
  try {
    answer = connection.settings.authenticator.authenticate(credentialsOf(connection, connect));
  } catch {
    fail();
    return;
  }
  if (!isThenable(answer)) {
    settle(answer);
    return;
  }
  connection.effects.pause();
  answer
    .then(settle, fail)
    .catch((error: unknown) => connection.failInside(error, connect.protocolVersion))
    .finally(() => connection.effects.resume());
}

function open(
  connection: Connection,
  connect: ConnectPacket,
  principal: Principal,
  assigned: boolean,
  authentication?: Authentication,
  authenticationData?: Uint8Array,
): void {
  const { core, peer, settings } = connection;
  const version = connect.protocolVersion;
  const { properties, clientId } = connect;
  connection.effects.begin(abilitiesOf(connect));
  const connack = accepted(settings, connect, assigned);
  if (authentication !== undefined) {
    const { method } = authentication.authenticator;
    Object.assign(connack.properties, authProperties(method, authenticationData)); // [MQTT-4.12.0-5] [MQTT-4.12.0-6]
  }
  // A client that cannot be told so is not let in: it would wait for the CONNACK for ever. [MQTT-3.2.0-1]
  if (!connection.effects.fits(connack)) {
    const reason = 'its Maximum Packet Size has no room for the CONNACK';
    connection.refuse(ReasonCode.packetTooLarge, reason, version);
    return;
  }
  // Both are right; Mosquitto says the other.
  const full = settings.dialect === 'mosquitto' ? ReasonCode.serverBusy : ReasonCode.quotaExceeded;
  const isBack = core.sessions.find(clientId, principal.id)?.link !== undefined;
  if (!isBack && core.open.size >= core.limits.maxConnectedClients) {
    connection.refuse(full, 'too many clients', version);
    return;
  }
  const { session, present } = findSession(connection, connect, principal); // [MQTT-3.1.4-4]
  if (session === undefined) {
    connection.refuse(full, 'too many sessions', version);
    return;
  }
  const requestedExpirySeconds = requestedExpiry(connect);
  session.expirySeconds = Math.min(requestedExpirySeconds, settings.maxSessionExpirySeconds);
  const sender: Sender = { clientId, principal, protocolVersion: version, address: peer.address };
  const state: Open = {
    at: 'open',
    session,
    principal,
    sender,
    version,
    keepAliveSeconds: keepAliveOf(settings, connect),
    connectedAtMs: core.clock.now(),
    sendQuota: Math.min(properties.receiveMaximum ?? 0xffff, settings.maxInflightMessages), // [MQTT-4.9.0-1]
    requestedExpirySeconds,
    problemInformation: properties.requestProblemInformation !== 0,
    aliases: new LateMap(), // [MQTT-3.3.2-7]
    acks: undefined,
    will: connect.will, // [MQTT-3.1.2-7]
    authentication,
    reauthentication: undefined,
  };
  if (connect.will !== undefined && !mayPublish(principal, connect.will.topic.name)) {
    deny(core, sender, 'will', connect.will.topic.name);
    state.will = undefined;
  }
  connection.opened(state);
  core.sessions.keep(session, state.will === undefined ? undefined : toStored(state.will));
  connection.effects.send({ ...connack, sessionPresent: present }); // [MQTT-3.2.2-2] [MQTT-3.2.2-3] [MQTT-3.1.4-5]
  session.link = new ConnectionLink(connection, state);
  announceConnected(connection, connect, state, present);
  session.inflight.beginResend();
  session.pump();
}

function abilitiesOf({ protocolVersion, properties }: ConnectPacket): PeerAbilities {
  return {
    version: protocolVersion,
    maximumPacketSize: properties.maximumPacketSize ?? Infinity,
    topicAliasMaximum: properties.topicAliasMaximum ?? 0,
  };
}

/** The session to go on with, or a new one. An older connection of it ends first. */
function findSession(
  { core, peer, settings }: Connection,
  connect: ConnectPacket,
  principal: Principal,
): { session: Session | undefined; present: boolean } {
  const { sessions } = core;
  const { clientId } = connect;
  const running = sessions.find(clientId, principal.id);
  running?.link?.end('taken-over', ReasonCode.sessionTakenOver, peer.address); // [MQTT-3.1.4-3]
  const stored = sessions.find(clientId, principal.id);
  if (stored !== undefined && !connect.cleanStart) {
    sessions.resume(stored); // [MQTT-3.1.2-5]
    stored.terms = settings;
    withdraw(core, stored, principal);
    return { session: stored, present: true };
  }
  if (stored !== undefined) sessions.end(stored); // [MQTT-3.1.2-4]
  return { session: sessions.create(clientId, principal.id, settings), present: false }; // [MQTT-3.1.2-6]
}

function requestedExpiry({ protocolVersion, cleanStart, properties }: ConnectPacket): number {
  if (policyOf(protocolVersion).persistsUnlessClean) return cleanStart ? 0 : Infinity;
  return properties.sessionExpiryInterval ?? 0;
}

function keepAliveOf(
  settings: ResolvedSettings,
  { protocolVersion, keepAliveSeconds }: ConnectPacket,
): number {
  // 3.x was refused if it asked for too much.
  return protocolVersion === 5 ? keepAliveWithin(settings, keepAliveSeconds) : keepAliveSeconds; // [MQTT-3.2.2-22]
}

/**
 * The CONNACK that lets a client in, of a session that is not present. It has no Response Information, asked
 * for or not. [MQTT-3.1.2-28]
 */
function accepted(
  settings: ResolvedSettings,
  connect: ConnectPacket,
  assigned: boolean,
): ConnackPacket {
  const properties: Properties = {};
  const { receiveMaximum, topicAliasMaximum, maxPacketBytes, maxSessionExpirySeconds } = settings;
  if (requestedExpiry(connect) > maxSessionExpirySeconds) {
    properties.sessionExpiryInterval = maxSessionExpirySeconds;
  }
  if (maxPacketBytes < LARGEST_PACKET_BYTES) properties.maximumPacketSize = maxPacketBytes;
  if (receiveMaximum < 0xffff) properties.receiveMaximum = receiveMaximum;
  if (topicAliasMaximum > 0) properties.topicAliasMaximum = topicAliasMaximum;
  if (settings.maximumQos < 2) properties.maximumQos = settings.maximumQos === 0 ? 0 : 1; // [MQTT-3.2.2-9]
  for (const name of capabilities) if (!settings[name]) properties[name] = 0;
  const keepAliveSeconds = keepAliveOf(settings, connect);
  if (keepAliveSeconds !== connect.keepAliveSeconds) properties.serverKeepAlive = keepAliveSeconds;
  if (assigned) properties.assignedClientIdentifier = connect.clientId; // [MQTT-3.2.2-16]
  return { type: 'connack', sessionPresent: false, reasonCode: ReasonCode.success, properties };
}

const capabilities = [
  'retainAvailable',
  'wildcardSubscriptionAvailable',
  'subscriptionIdentifierAvailable',
  'sharedSubscriptionAvailable',
] as const;

function announceConnected(
  { core, peer }: Connection,
  connect: ConnectPacket,
  { session, principal, keepAliveSeconds, connectedAtMs, will }: Open,
  sessionPresent: boolean,
): void {
  core.events.emit('connected', {
    clientId: session.clientId,
    principal,
    address: peer.address,
    transport: peer.transport,
    protocolVersion: connect.protocolVersion,
    keepAliveSeconds,
    cleanStart: connect.cleanStart,
    sessionPresent,
    sessionExpirySeconds: session.expirySeconds,
    will: will !== undefined,
    atMs: connectedAtMs,
  });
}
