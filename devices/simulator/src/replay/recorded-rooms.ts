// What a folder of recordings holds: rooms, and the files of each.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SimulatorError } from '../errors.js';
import { parseRecordingName, replayDeviceId } from './recording-name.js';

interface RecordingFile {
  readonly path: string;
  readonly metric: string;
  readonly bytes: number;
}

export interface RecordedRoom {
  readonly room: string;
  readonly deviceId: string;
  readonly files: readonly RecordingFile[];
}

async function csvFilesOf(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && /\.csv$/i.test(entry.name))
      .map((entry) => entry.name)
      .toSorted();
  } catch (error) {
    throw new SimulatorError(`cannot read the folder ${folder}`, { cause: error });
  }
}

/** The rooms of a folder, in the order of their names. `skipped` is told of files that are not named like a recording. */
export async function findRecordedRooms(
  folder: string,
  skipped: (fileName: string) => void,
): Promise<RecordedRoom[]> {
  const rooms = new Map<string, { room: string; files: RecordingFile[] }>();
  for (const fileName of await csvFilesOf(folder)) {
    const name = parseRecordingName(fileName);
    const deviceId = name === undefined ? undefined : replayDeviceId(name.room);
    if (name === undefined || deviceId === undefined) {
      skipped(fileName);
      continue;
    }
    const found = rooms.get(deviceId) ?? { room: name.room, files: [] };
    if (found.room !== name.room) {
      throw new SimulatorError(`rooms ${found.room} and ${name.room} would be the same device`);
    }
    if (found.files.some(({ metric }) => metric === name.metric)) {
      throw new SimulatorError(
        `${fileName} is a second recording of ${name.metric} in ${name.room}`,
      );
    }
    const path = join(folder, fileName);
    found.files.push({ path, metric: name.metric, bytes: (await stat(path)).size });
    rooms.set(deviceId, found);
  }
  if (rooms.size === 0) {
    throw new SimulatorError(`${folder} has no recordings; they are named <Room>_<Quantity>.csv`);
  }
  return [...rooms].map(([deviceId, { room, files }]) => ({ room, deviceId, files }));
}
