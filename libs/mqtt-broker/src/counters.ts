import type { DropReason } from './events.js';

/** The numbers behind `stats()` that only grow. */
export class Counters {
  readonly messagesIn: [number, number, number] = [0, 0, 0];
  readonly messagesOut: [number, number, number] = [0, 0, 0];
  bytesIn = 0;
  packetsIn = 0;
  packetsOut = 0;
  payloadBytesIn = 0;
  payloadBytesOut = 0;
  connects = 0;
  expiredSessions = 0;
  connectionsOpened = 0;
  acceptFailures = 0;
  readonly denied = { publish: 0, subscribe: 0, will: 0 };
  readonly dropped: Record<DropReason, number> = {
    'queue-full': 0,
    'packet-too-large': 0,
    'payload-too-large': 0,
    expired: 0,
    'slow-consumer': 0,
    'retained-full': 0,
    'session-ended': 0,
    'not-authorized': 0,
  };
  readonly refused = new Map<number, number>();
}
