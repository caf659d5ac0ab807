import { readFileSync } from 'node:fs';
import { contrastRatio, isInSrgb, parseOklch } from './oklch';

type Tokens = ReadonlyMap<string, string>;

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

function tokensOf(selector: string): Tokens {
  const body = css.slice(css.indexOf(`${selector} {`)).split('}')[0]!;
  const tokens = [...body.matchAll(/--([\w-]+):\s*(oklch\([^)/]*\));/g)].map(
    (match) => [match[1]!, match[2]!] as const,
  );
  return new Map(tokens);
}

const TEXT = 4.5;
const GRAPHIC = 3;

/** [foreground, background, least ratio]: every pair that a page may use. */
const PAIRS: readonly (readonly [string, string, number])[] = [
  ...['ink-0', 'ink-1'].flatMap((ink) =>
    ['surface-0', 'surface-1', 'surface-2', 'surface-3'].map((on) => [ink, on, TEXT] as const),
  ),
  ...['ink-2', 'accent-ink', 'good', 'warn', 'bad', 'info'].flatMap((ink) =>
    ['surface-0', 'surface-1', 'surface-2'].map((on) => [ink, on, TEXT] as const),
  ),
  ...['heat', 'cool'].flatMap((ink) =>
    ['surface-0', 'surface-1'].map((on) => [ink, on, TEXT] as const),
  ),
  ['on-accent', 'accent', TEXT],
  ['on-accent', 'accent-strong', TEXT],
  ['on-bad', 'bad', TEXT],
  ['accent-ink', 'accent-soft', TEXT],
  ['ink-0', 'accent-soft', TEXT],
  ['warn', 'warn-soft', TEXT],
  ['ink-0', 'warn-soft', TEXT],
  ['bad', 'bad-soft', TEXT],
  ['ink-0', 'bad-soft', TEXT],
  ['info', 'info-soft', TEXT],
  ['ink-0', 'info-soft', TEXT],
  ['heat', 'heat-soft', GRAPHIC],
  ['cool', 'cool-soft', GRAPHIC],
  ['ink-0', 'heat-soft', TEXT],
  ['ink-0', 'cool-soft', TEXT],
  ...['surface-0', 'surface-1', 'surface-2'].map((on) => ['line-strong', on, GRAPHIC] as const),
  ...['surface-0', 'surface-1'].map((on) => ['accent', on, GRAPHIC] as const),
  ...Array.from({ length: 8 }, (_, index) => [`series-${index}`, 'surface-1', GRAPHIC] as const),
];

describe.each([
  ['light', ':root'],
  ['dark', '.dark'],
])('the %s tokens', (_name, selector) => {
  const tokens = tokensOf(selector);
  const colour = (name: string) => {
    const value = tokens.get(name);
    if (value === undefined) throw new Error(`no token ${name}`);
    return parseOklch(value);
  };

  it.each(PAIRS)('keep %s on %s at least %f to 1', (foreground, background, least) => {
    expect(contrastRatio(colour(foreground), colour(background))).toBeGreaterThanOrEqual(least);
  });

  it('lie inside sRGB, so that every screen shows what was checked', () => {
    const outside = [...tokens].filter(([, value]) => !isInSrgb(parseOklch(value)));
    expect(outside).toEqual([]);
  });
});

it('names the same roles in light and dark', () => {
  expect([...tokensOf('.dark').keys()]).toEqual([...tokensOf(':root').keys()]);
});
