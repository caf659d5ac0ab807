// Compiles the TypeScript rooms and the dashboard when their sources are newer than what was built.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const IGNORED = new Set(['node_modules', 'dist', '.next', 'generated', 'data', 'test']);

/** Sources of the server side, and of the dashboard. */
const SERVER_SOURCES = [
  'libs',
  'apps/api',
  'apps/cli',
  'devices/simulator',
  'prisma',
  'package-lock.json',
  'tsconfig.base.json',
];
const WEB_SOURCES = ['apps/web', 'libs/contracts', 'package-lock.json'];

/** @param {{ web: boolean }} options `web`: also the dashboard. */
export async function buildWhatIsStale({ web }) {
  await buildIfStale('server', SERVER_SOURCES, 'apps/cli/dist/.built', async () => {
    await run('Preparing the database client', ['libs/db/scripts/generate.js']);
    await run('Compiling', ['node_modules/typescript/bin/tsc', '-b']);
  });
  if (web) {
    await buildIfStale('dashboard', WEB_SOURCES, 'apps/web/.next/.built', () =>
      run('Building the dashboard (half a minute, only when it changed)', [
        'node_modules/next/dist/bin/next',
        'build',
        'apps/web',
      ]),
    );
  }
}

async function buildIfStale(name, sources, stamp, build) {
  const stampFile = join(root, stamp);
  const now = fingerprint(sources);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === now) return;
  if (!existsSync(join(root, 'node_modules/typescript'))) {
    throw new Error(`The ${name} is not built and the build tools are not installed. Run: npm ci`);
  }
  await build();
  writeFileSync(stampFile, now);
}

/** Names, sizes and times of all source files: cheap, and a changed file changes it. */
function fingerprint(sources) {
  const hash = createHash('sha256');
  const visit = (path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (!stat.isDirectory()) {
      hash.update(`${path}\0${stat.size}\0${Math.floor(stat.mtimeMs)}\n`);
      return;
    }
    for (const name of readdirSync(join(root, path)).sort()) {
      if (
        !IGNORED.has(name) &&
        !name.startsWith('.') &&
        !name.endsWith('.tsbuildinfo') &&
        name !== 'next-env.d.ts'
      ) {
        visit(`${path}/${name}`);
      }
    }
  };
  for (const source of sources) visit(source);
  return hash.digest('hex');
}

/** Runs a Node program quietly; its output is shown only when it fails. */
function run(title, args) {
  process.stderr.write(`${title} …\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
    });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve(undefined);
      else reject(new Error(`${title} failed:\n${Buffer.concat(output).toString()}`));
    });
  });
}
