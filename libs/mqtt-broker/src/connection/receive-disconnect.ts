// DISCONNECT from the client: MQTT 5.0 section 3.14.

import type { DisconnectPacket } from '../codec/packets.js';
import { ReasonCode } from '../codec/reason-codes.js';
import { violation } from '../errors.js';
import type { Connection } from './connection.js';
import type { Open } from './phase.js';

export function receiveDisconnect(
  connection: Connection,
  open: Open,
  { reasonCode, properties }: DisconnectPacket,
): void {
  const expiry = properties.sessionExpiryInterval;
  if (expiry !== undefined) {
    if (open.requestedExpirySeconds === 0 && expiry !== 0) {
      throw violation('DISCONNECT gives a session an expiry that its CONNECT denied it'); // (3.14.2.2.2)
    }
    open.session.expirySeconds = Math.min(expiry, connection.settings.maxSessionExpirySeconds);
  }
  const normal = reasonCode === ReasonCode.success;
  const cause = normal ? 'client-disconnect' : 'client-disconnect-with-will';
  connection.end({ cause, reasonCode }); // [MQTT-3.14.4-3]
}
