// Step 8: tells the house what is new.
import type { Announcer, NewestReading } from '../ports.js';
import type { Series } from '../series.js';

export function announce(
  changed: ReadonlySet<Series>,
  announcer: Pick<Announcer, 'readings'>,
): void {
  if (changed.size === 0) return;
  const readings: NewestReading[] = [];
  for (const { id, deviceId, metric, latestTs, latestValue } of changed) {
    readings.push({ seriesId: id, deviceId, metric, ts: latestTs, value: latestValue });
  }
  announcer.readings(readings);
}
