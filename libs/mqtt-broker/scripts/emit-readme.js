// Writes into README.md what its source says: the examples, and the tables of options and limits. With --check it only
// compares, and fails when the README is stale. Needs the build of this lib.
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { limitTable } from '../dist/limits.js';
import { listenerLimits } from '../dist/listener-settings.js';

const root = new URL('../', import.meta.url);
const file = new URL('README.md', root);
const END = '<!-- end of what is emitted -->';

const emitters = {
  'examples/embed.ts': asCode,
  'examples/embed-in-nest.ts': asCode,
  'examples/keep.ts': asCode,
  'examples/scram.ts': asCode,
  'examples/trace.ts': asCode,
  'src/options.ts': optionTables,
  'src/listener-options.ts': optionTables,
  'src/listener-settings.ts': settingsTables,
  'src/limits.ts': limitsTable,
};

let text = await readFile(file, 'utf8');
const before = text;
for (const [source, emit] of Object.entries(emitters)) {
  const mark = `<!-- emitted from ${source} -->`;
  const begin = text.indexOf(mark);
  const end = text.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new Error(`README.md has lost its marks: ${mark}`);
  const emitted = emit(await readFile(new URL(source, root), 'utf8'));
  text = `${text.slice(0, begin)}${mark}\n\n${emitted}\n\n${text.slice(end)}`;
}
text = await format(text, { ...(await resolveConfig(file)), parser: 'markdown' });

if (!process.argv.includes('--check')) await writeFile(file, text);
else if (text !== before) {
  console.error('the README of the broker is stale: run npm run docs -w @hearth/mqtt-broker');
  process.exitCode = 1;
}

/** Without its first comment, which is for readers of the file. */
function asCode(source) {
  return `\`\`\`ts\n${source.replace(/^(\/\/.*\n)+\n?/, '').trim()}\n\`\`\``;
}

function limitsTable(source) {
  const rows = membersOf(source, /^export const limitTable = \{$/m).map(({ name, meaning }) => {
    const { default: value, unit, reason } = limitTable[name];
    return [`\`${name}\``, value, unit, meaning, reason];
  });
  if (rows.length !== Object.keys(limitTable).length) throw new Error('a limit was not found');
  return table(['limit', 'default', 'unit', 'what it bounds', 'why this default'], rows);
}

/** A table for every exported interface. */
function optionTables(source) {
  const names = [...source.matchAll(/^export interface (\w+)/gm)].map(([, name]) => name);
  return names
    .filter((name) => name.endsWith('Options') || name === 'ListenerSettings')
    .map((name) => {
      const rows = membersOf(source, new RegExp(`^export interface ${name}\\s[^{]*\\{$`, 'm')).map(
        ({ name: option, type, isOptional, meaning, value }) => {
          if (isOptional && value === undefined) {
            throw new Error(`${name}.${option} needs a @default in its docstring`);
          }
          return [`\`${option}\``, `\`${type}\``, value ?? '(needed)', meaning];
        },
      );
      return `**\`${name}\`**\n\n${table(['option', 'type', 'default', 'meaning'], rows)}`;
    })
    .join('\n\n');
}

/** What a listener may have of its own: the settings, and the limits by name. */
function settingsTables(source) {
  const limits = listenerLimits.map((name) => `\`${name}\``).join(', ');
  return `${optionTables(source)}\n\nAnd of the limits below: ${limits}.`;
}

/** The members of a block that begins with `opening`, each with the docstring above it. */
function membersOf(source, opening) {
  const match = opening.exec(source);
  if (match === null) throw new Error(`not found: ${opening}`);
  const start = match.index + match[0].length;
  const block = source.slice(start, source.indexOf('\n}', start) + 1);
  const member =
    /(?:^ {2}\/\*\*((?:(?!\*\/)[^])*)\*\/\n)?^ {2}(?:readonly )?(\w+)(\??): ([^;{]*)/gm;
  return [...block.matchAll(member)].map(([, doc, name, optional, type]) => {
    if (doc === undefined) throw new Error(`${name} needs a docstring`);
    const [meaning, value] = doc
      .replace(/^ *\*? ?/gm, '')
      .replace(/\s+/g, ' ')
      .split('@default');
    return {
      name,
      type: type.replace(/\s+/g, ' ').trim(),
      isOptional: optional === '?',
      meaning: meaning.trim(),
      value: value?.trim(),
    };
  });
}

function table(head, rows) {
  const line = (cells) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
