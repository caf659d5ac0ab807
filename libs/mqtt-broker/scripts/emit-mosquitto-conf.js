// Writes into docs/mosquitto-conf.md the tables of directives. With --check it only compares, and fails when they are
// stale. Needs the build of this lib.
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import {
  defaultListenerToo,
  globalDirectives,
  listenerDirectives,
  refusedDirectives,
  securityDirectives,
} from '../dist/cli/mosquitto-conf/directives.js';

const file = new URL('../../../docs/mosquitto-conf.md', import.meta.url);
const END = '<!-- end of what is emitted -->';

const emitted = {
  global: directives(globalDirectives),
  security: directives(securityDirectives),
  listener: directives(listenerDirectives),
  refused: table(
    ['directive', 'why'],
    [...refusedDirectives].map(([name, why]) => [`\`${name}\``, why]),
  ),
};

let text = await readFile(file, 'utf8');
const before = text;
for (const [name, content] of Object.entries(emitted)) {
  const mark = `<!-- emitted: ${name} -->`;
  const begin = text.indexOf(mark);
  const end = text.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new Error(`docs/mosquitto-conf.md has lost its marks: ${mark}`);
  text = `${text.slice(0, begin)}${mark}\n\n${content}\n\n${text.slice(end)}`;
}
text = await format(text, { ...(await resolveConfig(file)), parser: 'markdown' });

if (!process.argv.includes('--check')) await writeFile(file, text);
else if (text !== before) {
  console.error('docs/mosquitto-conf.md is stale: run npm run docs -w @hearth/mqtt-broker');
  process.exitCode = 1;
}

function directives(all) {
  const rows = Object.entries(all).map(([name, { allowed, support, doc }]) => {
    const star = defaultListenerToo.has(name) ? ' \\*' : '';
    const what = support === 'noted' ? `accepted, no effect: ${doc}` : doc;
    return [`\`${name}\`${star}`, allowed, support === 'noted' ? 'noted' : 'yes', what];
  });
  return table(['directive', 'allowed', 'supported', 'what it does here'], rows);
}

function table(head, rows) {
  const line = (cells) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
