import type { Principal } from '../auth/principal.js';
import type { DisconnectCause } from '../events.js';
import type { RoutedMessage } from '../routing/routed-message.js';
import type { Delivery, SessionLink } from '../session/session-link.js';
import type { Connection } from './connection.js';
import type { Core } from './core.js';
import { isBelow } from './mount.js';
import type { Open } from './phase.js';

/** The session's hold on its connection. A class, because a closure for each method would be kept per connection. */
export class ConnectionLink implements SessionLink {
  readonly sendQuota: number;
  canReceive: SessionLink['canReceive'];
  readonly #connection: Connection;

  constructor(connection: Connection, { principal, sendQuota }: Open) {
    this.#connection = connection;
    this.sendQuota = sendQuota;
    this.canReceive = receiveCheck(connection.core, principal, connection.settings.mountPoint);
  }

  get address(): string {
    return this.#connection.peer.address;
  }

  get principal(): Principal | undefined {
    const { phase } = this.#connection;
    return phase.at === 'open' ? phase.principal : undefined;
  }

  get congested(): boolean {
    return this.#connection.effects.congested;
  }

  deliverQos0(
    message: RoutedMessage,
    retain: boolean,
    subscriptionIdentifiers: readonly number[] | undefined,
  ): ReturnType<SessionLink['deliverQos0']> {
    return this.#connection.effects.deliverQos0(message, retain, subscriptionIdentifiers);
  }

  deliver(delivery: Delivery, packetId: number, dup: boolean): ReturnType<SessionLink['deliver']> {
    return this.#connection.effects.deliver(delivery, packetId, dup);
  }

  sendPubrel(packetId: number): void {
    this.#connection.effects.acknowledge('pubrel', packetId, 0);
  }

  end(cause: DisconnectCause, reasonCode: number, takenOverBy?: string): void {
    const by = takenOverBy === undefined ? {} : { takenOverBy };
    this.#connection.end({ cause, reasonCode, ...by });
  }
}

/** The principal's say on each delivery, and the mount point's; undefined when they have none. */
export function receiveCheck(
  core: Core,
  principal: Principal,
  mountPoint: string,
): SessionLink['canReceive'] {
  if (mountPoint !== '') {
    const mayReceive = receiveCheck(core, principal, '');
    return (topic) => isBelow(mountPoint, topic) && mayReceive?.(topic) !== false;
  }
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
