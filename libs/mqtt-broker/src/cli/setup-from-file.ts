import { readFileSync } from 'node:fs';
import type { Arguments } from './arguments.js';
import type { Setup } from './setup.js';
import { setupFromJson } from './setup-from-json.js';
import { setupFromMosquittoConf } from './setup-from-mosquitto-conf.js';

/** JSON by its name or its first character, else a mosquitto.conf. Rejects with FileProblem. */
export async function setupFromFile(path: string, args: Arguments): Promise<Setup> {
  const content = readFileSync(path, 'utf8');
  const isJson = path.endsWith('.json') || /^\s*\{/.test(content);
  return isJson ? setupFromJson(path, content, args) : setupFromMosquittoConf(path, args);
}
