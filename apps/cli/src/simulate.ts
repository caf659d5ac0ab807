// `hearth simulate`: the simulator of devices/simulator, pointed at the Hearth of this data folder.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseStartEnvironment } from './start/environment.js';

const require = createRequire(import.meta.url);

/** Runs the simulator in the foreground with the owner's local token; its exit code becomes ours. */
export async function simulate(
  options: readonly string[],
  variables: NodeJS.ProcessEnv,
): Promise<void> {
  const { dataDir, apiPort } = parseStartEnvironment(variables);
  const entry = join(dirname(require.resolve('@hearth/simulator/package.json')), 'dist/main.js');
  const child = spawn(
    process.execPath,
    [
      entry,
      '--api',
      variables['HEARTH_API_URL'] ?? `http://127.0.0.1:${apiPort}`,
      '--token-file',
      join(dataDir, 'local-token'),
      ...options,
    ],
    { stdio: 'inherit' },
  );
  // A terminal's Ctrl+C reaches the child by itself; a SIGTERM to us must be passed on.
  const pass = (signal: NodeJS.Signals): boolean => child.kill(signal);
  process.on('SIGTERM', pass);
  process.on('SIGINT', () => {});
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 0)));
  });
  process.off('SIGTERM', pass);
}
