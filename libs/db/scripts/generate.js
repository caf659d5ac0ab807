// Generates the Prisma client into libs/db/src/generated when schema or generator changed since the last time.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const require = createRequire(import.meta.url);
const stamp = join(root, 'libs/db/src/generated/.generated-from');

let prismaFolder;
try {
  prismaFolder = dirname(require.resolve('prisma/package.json'));
} catch {
  console.error('Prisma is not installed. Run: npm ci');
  process.exit(1);
}
const hash = createHash('sha256')
  .update(readFileSync(join(root, 'prisma/schema.prisma')))
  .update(readFileSync(join(prismaFolder, 'package.json')))
  .digest('hex');
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) process.exit(0);

// Generation runs on WASM that is in the package, but Prisma first downloads an engine binary unless it is told that it has one.
const result = spawnSync(process.execPath, [join(prismaFolder, 'build/index.js'), 'generate'], {
  cwd: root,
  encoding: 'utf8',
  env: {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  },
});
if (result.status !== 0) {
  console.error(`prisma generate failed:\n${result.stdout}${result.stderr}`);
  process.exit(1);
}
writeFileSync(stamp, hash);
