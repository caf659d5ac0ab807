// A short run of `npm run fuzz` with a seed of its own each time; a failure prints what to run again.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../fuzz/dist/main.js', import.meta.url));

it('survives hostile clients for some seconds and lets everything go', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, '--seconds', '6'], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect({ status, stderr, stdout: status === 0 ? '' : stdout }).toEqual({
    status: 0,
    stderr: '',
    stdout: '',
  });
}, 70_000);
