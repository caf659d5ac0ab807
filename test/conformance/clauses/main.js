// `npm run clauses` writes docs/mqtt-conformance.md; with --check it only compares. Fails either way when
// a tag names no statement, or a statement has neither a tag nor a reason.
import { readFileSync, writeFileSync } from 'node:fs';
import { render } from './document.js';
import { makeRows, rowErrors, unknownTags } from './matrix.js';
import { dataErrors, readSpecification } from './statements.js';
import { collectTags } from './tags.js';

const file = new URL('../../../docs/mqtt-conformance.md', import.meta.url);

const five = readSpecification('5.0');
const three = readSpecification('3.1.1');
const tags = collectTags();
const fiveRows = makeRows(five, tags);
const threeRows = makeRows(three, tags, fiveRows);

const errors = [
  ...dataErrors(five, five),
  ...dataErrors(three, five),
  ...tags.errors,
  ...unknownTags(tags, [five, three]),
  ...[...fiveRows, ...threeRows].flatMap(rowErrors),
];
const after = render([
  { specification: five, rows: fiveRows },
  { specification: three, rows: threeRows },
]);

if (!process.argv.includes('--check')) writeFileSync(file, after);
else if (readIfThere() !== after) errors.push('docs/mqtt-conformance.md is stale: npm run clauses');

for (const error of errors) console.error(error);
if (errors.length > 0) process.exitCode = 1;

function readIfThere() {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
