// Writes the table of docs/configuration.md from the schema of the environment. With --check it only
// compares, and fails when the table is stale. Needs the build of apps/api.
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { envSchema } from '../dist/config/env.schema.js';

const file = new URL('../../../docs/configuration.md', import.meta.url);
const BEGIN = '<!-- emitted from apps/api/src/config/env.schema.ts -->';
const END = '<!-- end of what is emitted -->';

const rows = Object.entries(envSchema.shape).map(([name, schema]) => {
  const { defaultValue } = schema.def;
  const shown = defaultValue === undefined ? 'none' : `\`${[defaultValue].flat().join(',')}\``;
  return `| \`${name}\` | ${shown} | ${schema.description} |`;
});
const table = ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');

const before = await readFile(file, 'utf8');
const begin = before.indexOf(BEGIN);
const end = before.indexOf(END);
if (begin < 0 || end < begin) throw new Error(`docs/configuration.md has lost its marks: ${BEGIN}`);
const after = await format(
  `${before.slice(0, begin)}${BEGIN}\n\n${table}\n\n${before.slice(end)}`,
  { ...(await resolveConfig(file)), parser: 'markdown' },
);

if (!process.argv.includes('--check')) await writeFile(file, after);
else if (after !== before) {
  console.error('docs/configuration.md is stale: run npm run docs -w @hearth/api');
  process.exitCode = 1;
}
