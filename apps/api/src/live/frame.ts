import type { LiveMessage } from '@hearth/contracts';
import type { Drained } from './live-state.js';

/** A message of the live feed as UTF-8 JSON: encoded once, sent to everybody. */
export type Frame = Buffer;

export function encodeFrame(message: LiveMessage): Frame {
  return Buffer.from(JSON.stringify(message));
}

/** Everything that was drained: the readings in one frame, then each notice. */
export function encodeFrames({ readings, notices }: Drained): Frame[] {
  const frames = notices.map(encodeFrame);
  if (readings.length > 0) frames.unshift(encodeFrame({ event: 'readings', data: [...readings] }));
  return frames;
}
