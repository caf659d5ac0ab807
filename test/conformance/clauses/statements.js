// The normative statements of both specifications, as data: what each asks and of whom, in our words.
//
// A statement of 3.1.1 that 5.0 makes as well names it in `as`: what is tagged with 5.0's number then
// counts for both. The other fields excuse a statement, or explain it:
//   remark   what is worth knowing, and for what binds only clients what becomes of one that breaks it
//   noCode   why no line of the broker can be tagged with it
//   noTest   why no test shows it
//   open     what it still waits for
import { readFileSync } from 'node:fs';

/** How a statement is written in comments, tests and the document. */
const prefixes = { '5.0': 'MQTT', '3.1.1': 'MQTT3' };

const FIELDS = new Set(['id', 'binds', 'says', 'as', 'remark', 'noCode', 'noTest', 'open']);

export function readSpecification(version) {
  const file = new URL(`mqtt-${version}.json`, import.meta.url);
  const { sections, statements } = JSON.parse(readFileSync(file, 'utf8'));
  const tagged = statements.map((one) => ({ ...one, tag: `${prefixes[version]}-${one.id}` }));
  return { version, sections, statements: tagged };
}

/** What is wrong with the data themselves. */
export function dataErrors({ version, sections, statements }, five) {
  const errors = [];
  const known = new Set(five.statements.map(({ id }) => id));
  const seen = new Set();
  for (const { tag, ...statement } of statements) {
    const { id, binds, as = [] } = statement;
    if (seen.has(id)) errors.push(`${tag} stands twice in mqtt-${version}.json`);
    seen.add(id);
    if (!['server', 'client', 'both'].includes(binds)) errors.push(`${tag} binds nobody`);
    if (sectionOf(id, sections) === undefined) errors.push(`${tag} is in no section`);
    for (const twin of as) if (!known.has(twin)) errors.push(`${tag} is as ${twin}, which is none`);
    for (const name of Object.keys(statement)) {
      if (!FIELDS.has(name)) errors.push(`${tag} has an unknown field ${name}`);
    }
  }
  return errors;
}

/** The section's number: two levels, `3.1` of `3.1.2-4`. */
export function sectionOf(id, sections) {
  const number = id.split('.').slice(0, 2).join('.');
  return number in sections ? number : undefined;
}
