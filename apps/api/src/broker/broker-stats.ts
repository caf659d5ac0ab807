// The broker's counters as the API shows them. Pure.
import type { BrokerStats } from '@hearth/contracts';
import { ReasonCode, type BrokerStats as Counters } from '@hearth/mqtt-broker';

const REASONS: ReadonlyMap<number, string> = new Map(
  Object.entries(ReasonCode).map(([name, code]) => [
    code,
    name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  ]),
);

/** The name of an MQTT 5 reason code: 0x86 is `bad-user-name-or-password`. */
export function reasonName(reasonCode: number): string {
  return REASONS.get(reasonCode) ?? `0x${reasonCode.toString(16)}`;
}

export function toBrokerStats(counters: Counters): BrokerStats {
  const { denied, messagesIn, messagesOut } = counters;
  return {
    connections: counters.connectedClients,
    sessions: counters.sessions,
    subscriptions: counters.subscriptions,
    retained: counters.retainedMessages,
    messagesReceived: messagesIn[0] + messagesIn[1] + messagesIn[2],
    messagesSent: messagesOut[0] + messagesOut[1] + messagesOut[2],
    bytesReceived: counters.bytesIn,
    bytesSent: counters.bytesOut,
    dropped: { ...counters.dropped },
    refused: Object.fromEntries(
      Object.entries(counters.refused).map(([code, count]) => [reasonName(Number(code)), count]),
    ),
    denied: denied.publish + denied.subscribe + denied.will,
  };
}
