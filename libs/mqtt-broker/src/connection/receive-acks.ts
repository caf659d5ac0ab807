// PUBACK, PUBREC, PUBREL and PUBCOMP from the client: MQTT 5.0 section 4.3.

import type { AckPacket } from '../codec/packets.js';
import { ReasonCode } from '../codec/reason-codes.js';
import { violation } from '../errors.js';
import type { Dialect } from '../listener-settings.js';
import type { Session } from '../session/session.js';
import type { Connection } from './connection.js';
import type { Open } from './phase.js';

/** No error while what was lost is sent again, which Mosquitto always takes it for. (tables 3-6 and 3-7) */
const unknownIn: Record<Dialect, number> = {
  specification: ReasonCode.packetIdentifierNotFound,
  mosquitto: ReasonCode.success,
};

export function receiveAck(connection: Connection, open: Open, packet: AckPacket): void {
  const { session } = open;
  const { packetId, reasonCode } = packet;
  const { effects, settings } = connection;
  const unknown = unknownIn[settings.dialect];
  switch (packet.type) {
    case 'puback':
      // An unknown packet identifier is late, after a clean start for example; nothing follows.
      if (!session.acknowledge(packetId, 'puback', reasonCode)) checkKind(session, packet);
      return;
    case 'pubrec':
      if (reasonCode >= 0x80) {
        if (!session.acknowledge(packetId, 'pubrec', reasonCode)) checkKind(session, packet); // [MQTT-4.4.0-2]
      } else if (session.receivePubrec(packetId)) {
        // After a crash the PUBLISH must not go out again to a client that was told to forget it.
        session.afterCommit(() => {
          if (connection.phase !== open) return;
          effects.acknowledge('pubrel', packetId, ReasonCode.success); // [MQTT-4.3.3-4]
        });
      } else {
        checkKind(session, packet);
        effects.acknowledge('pubrel', packetId, unknown);
      }
      return;
    case 'pubcomp':
      if (!session.acknowledge(packetId, 'pubcomp', reasonCode)) checkKind(session, packet);
      return;
    case 'pubrel': {
      const known = session.incoming.delete(packetId); // [MQTT-4.3.3-11] [MQTT-4.3.3-12] [MQTT-4.3.3-13]
      const answer = known ? ReasonCode.success : unknown;
      if (known) session.record?.released(packetId);
      // After a crash a new message under this identifier must not be taken for the old one.
      session.afterCommit(() => {
        if (connection.phase === open) effects.acknowledge('pubcomp', packetId, answer);
      });
      return;
    }
  }
}

/** A packet of another exchange than the one that is under way is out of order: a protocol error. (1.2) */
function checkKind({ inflight }: Session, { type, packetId }: AckPacket): void {
  if (!inflight.has(packetId)) return;
  throw violation(`${type.toUpperCase()} for a delivery that awaits another packet`);
}
