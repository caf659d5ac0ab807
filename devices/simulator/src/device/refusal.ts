// A PUBACK that says no (MQTT 5.0 section 3.4.2.1), as MQTT.js reports it.

/** An acknowledgement with a reason code of 0x80 or above. */
export interface PublishRefusal extends Error {
  readonly code: number;
}

/** Not authorized, topic name invalid, packet too large, payload format invalid: a second try gets the same answer. */
const PERMANENT: ReadonlySet<number> = new Set([0x87, 0x90, 0x95, 0x99]);

/** True for a server's no; false for a link that ended before the answer. */
export function isRefusal(error: unknown): error is PublishRefusal {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'number' &&
    error.code >= 0x80
  );
}

export function isPermanentRefusal(refusal: PublishRefusal): boolean {
  return PERMANENT.has(refusal.code);
}
