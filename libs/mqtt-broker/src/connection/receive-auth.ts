// AUTH from the client: MQTT 5.0 sections 3.15 and 4.12.

import { type Refusal, refusalCode } from '../auth/authenticator.js';
import type { AuthSuccess } from '../auth/enhanced-authenticator.js';
import type { AuthPacket, InboundPacket } from '../codec/packets.js';
import { ReasonCode } from '../codec/reason-codes.js';
import { violation } from '../errors.js';
import { authProperties, Exchange } from './auth-exchange.js';
import type { Connection } from './connection.js';
import { receiveCheck } from './link.js';
import type { Authentication, Exchanging, Open } from './phase.js';
import { withdraw } from './withdraw.js';

/** Between a CONNECT with an authentication method and its CONNACK. */
export function receiveExchanging(
  connection: Connection,
  { method, exchange }: { method: string; exchange: Exchanging },
  packet: InboundPacket,
): void {
  if (packet.type === 'disconnect') {
    connection.left('the client left amid its authentication');
    return;
  }
  if (packet.type !== 'auth') throw violation('neither AUTH nor DISCONNECT before the CONNACK'); // [MQTT-3.1.2-30]
  checkMethod(packet, method);
  if (packet.reasonCode !== ReasonCode.continueAuthentication) {
    throw violation('AUTH does not continue the authentication'); // [MQTT-4.12.0-3]
  }
  exchange.take(packet.properties.authenticationData);
}

/** On an open connection, whose other packets flow on under the authentication that it has. (4.12.1) */
export function receiveReauthentication(
  connection: Connection,
  open: Open,
  packet: AuthPacket,
): void {
  const { authentication, reauthentication } = open;
  if (authentication === undefined) throw violation('AUTH without an authentication method'); // [MQTT-4.12.0-7]
  checkMethod(packet, authentication.authenticator.method);
  const data = packet.properties.authenticationData;
  switch (packet.reasonCode) {
    case ReasonCode.reAuthenticate:
      if (reauthentication !== undefined) throw violation('re-authentication amid another');
      open.reauthentication = reauthenticate(connection, open, authentication);
      open.reauthentication.take(data);
      return;
    case ReasonCode.continueAuthentication:
      if (reauthentication === undefined) throw violation('AUTH continues no authentication');
      reauthentication.take(data);
      return;
    default:
      throw violation('AUTH with a success that is not for the client to say');
  }
}

function checkMethod({ properties }: AuthPacket, method: string): void {
  const named = properties.authenticationMethod;
  if (named === undefined) throw violation('AUTH without an authentication method');
  if (named !== method) throw violation('AUTH with another authentication method'); // [MQTT-4.12.0-5] [MQTT-4.12.1-1]
}

function reauthenticate(
  connection: Connection,
  open: Open,
  { authenticator, context }: Authentication,
): Exchanging {
  const { clock, limits } = connection.core;
  const fail = (reasonCode: number, reason: string): void => {
    cancelTimer();
    connection.end({ cause: 'not-authorized', reasonCode, reason }); // [MQTT-4.12.1-2]
  };
  const exchange = new Exchange(
    connection,
    authenticator,
    { ...context, reauthenticates: open.principal },
    {
      pausesReading: false,
      success: (answer) => {
        if (answer.principal.id !== open.principal.id) {
          fail(ReasonCode.notAuthorized, 're-authenticated as somebody else');
          return;
        }
        cancelTimer();
        open.reauthentication = undefined;
        applyPrincipal(connection, open, answer);
      },
      refused: (refusal) =>
        fail(disconnectCode(refusal), refusal.reason ?? 'the authenticator refused'),
    },
  );
  const cancelTimer = clock.after(limits.connectTimeoutMs, () =>
    fail(ReasonCode.notAuthorized, 're-authentication was not completed in time'),
  );
  return {
    take: (data) => exchange.take(data),
    abandon: () => {
      cancelTimer();
      exchange.abandon();
    },
  };
}

function applyPrincipal(
  connection: Connection,
  open: Open,
  { principal, data }: AuthSuccess,
): void {
  const { core, effects, peer } = connection;
  const { session, authentication } = open;
  open.principal = principal;
  open.sender = { ...open.sender, principal };
  if (session.link !== undefined)
    session.link.canReceive = receiveCheck(core, principal, connection.settings.mountPoint);
  withdraw(core, session, principal);
  const properties = authProperties(authentication?.authenticator.method ?? '', data);
  const sent = effects.send({ type: 'auth', reasonCode: ReasonCode.success, properties });
  if (!sent) {
    const reason = 'its Maximum Packet Size has no room for the AUTH';
    connection.end({ cause: 'protocol-error', reasonCode: ReasonCode.packetTooLarge, reason });
    return;
  }
  core.events.emit('reauthenticated', {
    clientId: session.clientId,
    principal,
    address: peer.address,
    atMs: core.clock.now(),
  });
}

// Table 3-10 leaves out what only a CONNACK can say: bad user name, server unavailable, banned, bad method.
const onlyInConnack = new Set<number>([
  ReasonCode.unsupportedProtocolVersion,
  ReasonCode.clientIdentifierNotValid,
  ReasonCode.badUserNameOrPassword,
  ReasonCode.serverUnavailable,
  ReasonCode.banned,
  ReasonCode.badAuthenticationMethod,
]);

function disconnectCode(refusal: Refusal): number {
  const reasonCode = refusalCode(refusal);
  return onlyInConnack.has(reasonCode) ? ReasonCode.notAuthorized : reasonCode;
}
