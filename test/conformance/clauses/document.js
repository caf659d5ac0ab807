// docs/mqtt-conformance.md out of the rows. File names without line numbers: the tag is what to search for.
import { sectionOf } from './statements.js';

const HEAD = `# MQTT conformance

<!-- emitted by npm run clauses from test/conformance/clauses and the tags in code and tests: do not edit -->

Every numbered normative statement of MQTT 5.0 and of MQTT 3.1.1 (appendix B of each), in our words; the
specifications' own words decide. Where it is fulfilled and which tests show it is collected from the
tags in the code and in the tests: search a file for \`[MQTT-3.3.1-6]\` (a statement of 5.0) or
\`[MQTT3-3.3.5-2]\` (one of 3.1.1) to find the place. \`npm run check\` fails when a tag names no statement,
when a statement has neither a tag nor a reason, and when this page is stale.

What binds only clients is here as well: the remark says what becomes of a client that breaks it. MQTT 3.1
has no numbered statements; the broker treats its clients as those of 3.1.1, and the scenarios run for it, too.
`;

export function render(parts) {
  return [
    HEAD,
    ...parts.map(summary),
    '',
    ...parts.flatMap(({ specification, rows }) => chapter(specification, rows)),
    '',
  ].join('\n');
}

function summary({ specification: { version }, rows }) {
  const count = (test) => rows.filter(test).length;
  const open = count((row) => row.open !== undefined);
  const broken = count((row) => row.isBroken);
  const shown = count((row) => row.tests.length > 0);
  const clients = count((row) => row.binds === 'client');
  return `- **MQTT ${version}**: ${rows.length} statements, of which ${clients} bind only clients; ${shown} are shown by tests, ${open} are open, ${broken} are met in another way on purpose.`;
}

function chapter({ version, sections }, rows) {
  return [
    `## MQTT ${version}`,
    '',
    ...Object.entries(sections).flatMap(([number, title]) => [
      `### ${number} ${title}`,
      '',
      '| statement | binds | what it asks | met in | shown by | remark |',
      '| --- | --- | --- | --- | --- | --- |',
      ...rows.filter(({ id }) => sectionOf(id, sections) === number).map(line),
      '',
    ]),
  ];
}

function line(row) {
  const cells = [
    `\`${row.tag}\``,
    row.binds,
    row.says,
    links(row.code) || (row.noCode === undefined ? '' : `_${row.noCode}_`),
    links(row.tests) || (row.noTest === undefined ? '' : `_${row.noTest}_`),
    remark(row),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function links(files) {
  return files
    .toSorted()
    .map((file) => `[${short(file)}](../${file})`)
    .join(', ');
}

function short(file) {
  return file
    .replace(/^(libs\/mqtt-broker\/src|test\/conformance)\//, '')
    .replace(/(\.test)?\.ts$/, '');
}

function remark({ twins, open, isBroken, remark: text }) {
  return [
    twins.length === 0 ? '' : `As ${twins.map(({ tag }) => `\`${tag}\``).join(', ')}.`,
    isBroken ? '**In another way on purpose.**' : '',
    open === undefined ? '' : `**Open:** ${open}`,
    text ?? '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}
