#!/usr/bin/env node
// Builds what is stale, then hands over to the compiled CLI. Plain JavaScript, because on a fresh
// clone nothing is compiled yet.
import { buildWhatIsStale } from './build.js';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Hearth needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}

const wantsHelp = process.argv.length <= 2 || process.argv.includes('--help');
try {
  await buildWhatIsStale({ web: process.argv[2] === 'start' && !wantsHelp });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
const { main } = await import('../dist/main.js');
await main(process.argv);
