// Step 8: tells the house what is new.
import type { Announcer, NewestReading } from '../ports.js';
import type { Series } from '../series.js';
import type { ParsedReport } from './parse-report.js';

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

/** What a device said of itself goes out at once: whoever it concerns keeps it. */
export function announceReport({ addressed, report }: ParsedReport, announcer: Announcer): void {
  const { deviceId, message } = addressed;
  const atMs = message.receivedAtMs;
  switch (report.name) {
    case 'status': {
      const will = message.kind === 'will';
      announcer.status({ deviceId, status: report.payload, will, atMs });
      break;
    }
    case 'info':
      announcer.info({ deviceId, info: report.payload });
      break;
    case 'state':
      announcer.state({ deviceId, state: report.payload, atMs });
      break;
    case 'response':
      announcer.response({ deviceId, response: report.payload, atMs });
      break;
  }
}
