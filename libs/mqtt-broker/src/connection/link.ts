import type { Principal } from '../auth/principal.js';
import type { SessionLink } from '../session/session-link.js';
import type { Connection } from './connection.js';
import type { Core } from './core.js';
import type { Open } from './phase.js';

/** The session's hold on its connection. */
export function linkTo(connection: Connection, { principal, sendQuota }: Open): SessionLink {
  const { effects, peer, core } = connection;
  return {
    address: peer.address,
    sendQuota,
    canReceive: receiveCheck(core, principal),
    get congested() {
      return effects.congested;
    },
    deliverQos0: (message, retain, identifiers) =>
      effects.deliverQos0(message, retain, identifiers),
    deliver: (delivery, packetId, dup) => effects.deliver(delivery, packetId, dup),
    sendPubrel: (packetId) => effects.acknowledge('pubrel', packetId, 0),
    end: (cause, reasonCode, takenOverBy) =>
      connection.end({
        cause,
        reasonCode,
        ...(takenOverBy === undefined ? {} : { takenOverBy }),
      }),
  };
}

/** The principal's say on each delivery; undefined when it has none. */
export function receiveCheck(core: Core, principal: Principal): SessionLink['canReceive'] {
  if (principal.canReceive === undefined) return undefined;
  // Asked while another client's message is routed: a bug in it must not end that client.
  return (topic) => {
    try {
      return principal.canReceive?.(topic) === true;
    } catch (error) {
      core.onError(error);
      return false;
    }
  };
}
