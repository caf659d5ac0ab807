// A small folder of recordings in the format that the replay reads, made from a formula: no data of others is needed.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_SECONDS = 1_600_000_000;

/** File name to the distance of its readings in seconds and their number. */
const FILES: Readonly<Record<string, readonly [stepSeconds: number, count: number]>> = {
  'Attic_Temperature.csv': [600, 900],
  'Attic_Humidity.csv': [600, 900],
  'Attic_Brightness.csv': [601, 700],
  'Attic_SetpointHistory.csv': [16_000, 12],
  'Cellar_Temperature.csv': [300, 1_500],
  'Cellar_OutdoorTemperature.csv': [1_800, 150],
  'Studio_left_ThermostatTemperature.csv': [607, 400],
  'Studio_right_ThermostatTemperature.csv': [607, 400],
};

export interface Recordings {
  readonly folder: string;
  readonly files: number;
  readonly rooms: readonly string[];
  readonly readings: number;
  remove(): Promise<void>;
}

function valueOf(file: string, index: number): string {
  const wave = Math.sin(index / 40 + file.length);
  if (file.includes('Brightness')) return (Math.max(0, wave) * 900).toFixed(2);
  if (file.includes('Humidity')) return String(Math.round(50 + 20 * wave));
  if (file.includes('Outdoor')) return (8 * wave - 2).toFixed(1);
  return (20 + 3 * wave).toFixed(2);
}

/** Writes the folder; `more` are further files, by name. */
export async function writeRecordings(
  more: Readonly<Record<string, string>> = {},
): Promise<Recordings> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-recordings-'));
  for (const [file, [step, count]] of Object.entries(FILES)) {
    const lines = Array.from(
      { length: count },
      (_, index) => `${START_SECONDS + index * step}\t${valueOf(file, index)}\n`,
    );
    await writeFile(join(folder, file), lines.join(''));
  }
  for (const [file, text] of Object.entries(more)) await writeFile(join(folder, file), text);
  return {
    folder,
    files: Object.keys(FILES).length,
    rooms: [...new Set(Object.keys(FILES).map((file) => file.split('_')[0] ?? ''))],
    readings: Object.values(FILES).reduce((sum, [, count]) => sum + count, 0),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
