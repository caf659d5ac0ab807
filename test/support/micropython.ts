// Where the machine's MicroPython is: on the PATH, or where `.ci/fetch-micropython` put it.
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { needsTool, type NeededTool } from '@hearth/testkit';

export function needsMicroPython(): NeededTool {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const fetched = join(cache, 'hearth', 'micropython', 'bin');
  const path = process.env['PATH'] ?? '';
  if (!path.split(delimiter).includes(fetched))
    process.env['PATH'] = `${path}${delimiter}${fetched}`;
  return needsTool('micropython');
}
