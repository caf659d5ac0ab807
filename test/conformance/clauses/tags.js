// Where the tags are: `[MQTT-3.3.1-6]` (5.0) and `[MQTT3-3.3.5-2]` (3.1.1) in comments and test names,
// `clause` in the rows of malformed packets. `!` before a tag in code: broken on purpose there.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const SOURCE = 'libs/mqtt-broker/src';
const SCENARIOS = 'test/conformance';

const anyTag = /(!?)\[(MQTT3?-[^\]]*)\]/g;
const statementTag = /^MQTT3?-\d+(\.\d+)+-\d+$/;
const sectionTag = /^MQTT3?-\d+(\.\d+)*$/;

/** All tags: `code` and `tests` map a tag to the files that have it. */
export function collectTags() {
  const found = { code: new Map(), tests: new Map(), broken: new Set(), errors: [] };
  for (const file of filesBelow(SOURCE)) {
    if (file.endsWith('.spec.ts')) collectText(file, found.tests, found);
    else if (file.endsWith('.ts')) collectText(file, found.code, found);
  }
  for (const file of filesBelow(SCENARIOS)) {
    if (file.startsWith(`${SCENARIOS}/clauses/`)) continue;
    if (file.endsWith('.ts')) collectText(file, found.tests, found);
    else if (file.endsWith('.json')) collectRows(file, found);
  }
  return found;
}

function filesBelow(folder) {
  return readdirSync(root + folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath.slice(root.length)}/${entry.name}`.replaceAll('\\', '/'))
    .sort();
}

function collectText(file, into, { broken, errors }) {
  for (const [, mark, tag] of readFileSync(root + file, 'utf8').matchAll(anyTag)) {
    if (!statementTag.test(tag)) errors.push(`${file}: [${tag}] is no tag`);
    else {
      add(into, tag, file);
      if (mark === '!') broken.add(tag);
    }
  }
}

/** A row's clause is a statement, or a section where the rule has no number. */
function collectRows(file, { tests, errors }) {
  const rows = JSON.parse(readFileSync(root + file, 'utf8'));
  if (!Array.isArray(rows)) return;
  for (const { name, clause } of rows) {
    for (const tag of (clause ?? '').split(' ').filter((text) => text !== '')) {
      if (statementTag.test(tag)) add(tests, tag, file);
      else if (!sectionTag.test(tag))
        errors.push(`${file}: the clause ${tag} of "${name}" is none`);
    }
  }
}

function add(into, tag, file) {
  const files = into.get(tag);
  if (files === undefined) into.set(tag, new Set([file]));
  else files.add(file);
}
