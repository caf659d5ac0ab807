#!/usr/bin/env node
const main = await import('../dist/cli/main.js').catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  console.error('hearth-broker is not built yet: run `npx tsc -b libs/mqtt-broker` first.');
  process.exit(1);
});
await main.main(process.argv);
