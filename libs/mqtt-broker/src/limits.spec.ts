import { readFileSync } from 'node:fs';
import { defaultLimits } from './limits.js';
import { resolveLimits } from './options.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('the table of limits in the README', () => {
  it('has every limit with its default, and no other', () => {
    const rows = [...readme.matchAll(/^\| `(\w+)` +\| (\d+) +\|/gm)];
    const table = Object.fromEntries(rows.map(([, name, value]) => [name, Number(value)]));
    expect(table).toEqual(defaultLimits);
  });
});

describe(resolveLimits.name, () => {
  it('lays the given ones over the defaults', () => {
    expect(resolveLimits({ maxTopicLevels: 3 })).toEqual({ ...defaultLimits, maxTopicLevels: 3 });
    expect(resolveLimits()).toEqual(defaultLimits);
  });

  it.each([-1, 1.5, Number.NaN, Infinity])('refuses %d, naming the limit', (value) => {
    expect(() => resolveLimits({ maxTopicLevels: value })).toThrow('limit maxTopicLevels');
  });
});
