// The messages of a device under load: always of one length, only their time changes.

/** What a message holds. */
export type Shape = 'one metric' | 'five metrics';

interface DeviceMessage {
  readonly topic: string;
  readonly payload: Buffer;
  /** Readings in one message. */
  readonly readings: number;
  /** Writes the time, epoch milliseconds, into a frame that ends with the payload. */
  readonly stamp: (frame: Buffer, ts: number) => void;
}

/** Digits of an epoch in milliseconds, and the brace behind them. */
const TIMESTAMP_DIGITS = 13;
const FIVE = '"temperature":21.37,"humidity":48.5,"pressure":1013.2,"co2":612,"battery":87';

export function messageOf(deviceId: string, shape: Shape): DeviceMessage {
  const isOne = shape === 'one metric';
  const fields = isOne ? '"value":21.37' : FIVE;
  return {
    topic: `hearth/${deviceId}/telemetry${isOne ? '/temperature' : ''}`,
    payload: Buffer.from(`{${fields},"ts":${'0'.repeat(TIMESTAMP_DIGITS)}}`),
    readings: isOne ? 1 : 5,
    stamp: (frame, ts) => {
      frame.write(String(ts), frame.length - 1 - TIMESTAMP_DIGITS, 'latin1');
    },
  };
}
