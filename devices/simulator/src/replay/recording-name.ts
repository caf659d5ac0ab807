// What a file's name says: `<Room>_<Quantity>.csv`, or `<Room>_<Detail>_<Quantity>.csv` where a room has several of a kind.
import { METRIC_NAME_PATTERN } from '@hearth/contracts';

export interface RecordingName {
  readonly room: string;
  readonly metric: string;
}

/** Quantities whose metric is not their own name in lower case. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['brightness', 'illuminance'],
  ['setpoint_history', 'target_temperature'],
]);

function snakeCase(text: string): string {
  return text.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

/** Undefined for a file that is not named like a recording. */
export function parseRecordingName(fileName: string): RecordingName | undefined {
  const parts = fileName.replace(/\.csv$/i, '').split('_');
  const [room, ...rest] = parts;
  const quantity = rest.pop();
  if (fileName === parts.join('_') || room === undefined || quantity === undefined) {
    return undefined;
  }
  const own = snakeCase(quantity);
  const metric = [RENAMED.get(own) ?? own, ...rest.map(snakeCase)].join('_');
  if (room.trim() === '' || !METRIC_NAME_PATTERN.test(metric)) return undefined;
  return { room, metric };
}

/** Id of the device that stands for a recorded room; undefined when no letter or digit is left of its name. */
export function replayDeviceId(room: string): string | undefined {
  const slug = room
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase()
    .slice(0, 48)
    .replaceAll(/^-+|-+$/g, '');
  return slug === '' ? undefined : `replay-${slug}`;
}
