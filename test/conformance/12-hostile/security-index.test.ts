// docs/security.md: each weakness that it lists is named in each of the files that are said to show it.
import { readFileSync } from 'node:fs';

const index = new URL('../../../docs/security.md', import.meta.url);
const rows = readFileSync(index, 'utf8')
  .split('\n')
  .filter((line) => /^\| (CVE|GHSA)-/.test(line))
  .flatMap((line) => {
    const [, weaknesses = '', , tests = ''] = line.split('|');
    const files = [...tests.matchAll(/\]\(([^)]+)\)/g)].map(([, file = '']) => file);
    return weaknesses
      .split(',')
      .flatMap((weakness) => files.map((file) => ({ weakness: weakness.trim(), file })));
  });

it('lists them all', () => {
  expect(new Set(rows.map(({ weakness }) => weakness)).size).toBeGreaterThanOrEqual(24);
});

it.each(rows)('$weakness is named in $file', ({ weakness, file }) => {
  expect(readFileSync(new URL(file, index), 'utf8')).toContain(weakness);
});
