#!/usr/bin/env node
// Hands over to the compiled command. In a clone of the repository, where nothing may be compiled yet, compiles it first.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

if (!existsSync(path('../dist/cli/main.js'))) compile();
const { main } = await import('../dist/cli/main.js');
await main(process.argv);

function compile() {
  let compiler;
  try {
    compiler = createRequire(import.meta.url).resolve('typescript/package.json');
  } catch {
    console.error('hearth-broker is not built, and there is no compiler to build it. Run: npm ci');
    process.exit(1);
  }
  console.error('Building hearth-broker (first run only) …');
  const tsc = compiler.replace(/package\.json$/, 'bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-b', path('..')], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
