// Which packets are legal in which phase, and who takes them. Everything else ends the connection.

import type { InboundPacket } from '../codec/packets.js';
import { violation } from '../errors.js';
import type { Connection } from './connection.js';
import type { Open } from './phase.js';
import { receiveExchanging, receiveReauthentication } from './receive-auth.js';
import { receiveAck } from './receive-acks.js';
import { receiveConnect } from './receive-connect.js';
import { receiveDisconnect } from './receive-disconnect.js';
import { receivePublish } from './receive-publish.js';
import { receiveSubscribe, receiveUnsubscribe } from './receive-subscribe.js';

/** Throws ProtocolError when the packet is not legal here; `connection.fail` takes it. */
export function receive(connection: Connection, packet: InboundPacket): void {
  const { phase } = connection;
  switch (phase.at) {
    case 'open':
      receiveOpen(connection, phase, packet);
      return;
    case 'awaiting-connect':
      if (packet.type !== 'connect') throw violation('the first packet is no CONNECT'); // [MQTT-3.1.0-1]
      receiveConnect(connection, packet);
      return;
    case 'exchanging':
      receiveExchanging(connection, phase, packet);
      return;
    case 'authenticating':
    case 'closed': // [MQTT-3.1.4-6]
      return;
  }
}

function receiveOpen(connection: Connection, open: Open, packet: InboundPacket): void {
  switch (packet.type) {
    case 'publish':
      receivePublish(connection, open, packet);
      return;
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      receiveAck(connection, open, packet);
      return;
    case 'subscribe':
      receiveSubscribe(connection, open, packet);
      return;
    case 'unsubscribe':
      receiveUnsubscribe(connection, open, packet);
      return;
    case 'pingreq':
      connection.effects.send({ type: 'pingresp' }); // [MQTT-3.12.4-1]
      return;
    case 'disconnect':
      receiveDisconnect(connection, open, packet);
      return;
    case 'auth':
      receiveReauthentication(connection, open, packet);
      return;
    case 'connect':
      throw violation('second CONNECT'); // [MQTT-3.1.0-2]
  }
}
