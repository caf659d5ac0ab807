// Which metric of the catalogue a name may be meant for. Pure; a person decides.
import { findConversion, METRICS, type MetricKind } from '@hearth/contracts';
import { guessMetric } from '../inbox/guess-metric.js';

/** Slips of the pen that a name may have, by its length: a short one with two is another word. */
const MAX_SLIPS = [
  { from: 8, slips: 2 },
  { from: 5, slips: 1 },
];

/** Undefined where no name comes near, or where kind or unit say that it is something else. */
export function suggestMetric(name: string, kind: MetricKind, unit: string): string | undefined {
  const guess = guessMetric(name);
  const metric = guess.isKnown ? guess.metric : findMisspelt(name.toLowerCase());
  const known = metric === undefined ? undefined : METRICS.get(metric);
  if (known === undefined || known.kind !== kind) return undefined;
  return unit === '' || findConversion(unit, known.unit) !== undefined ? metric : undefined;
}

function findMisspelt(name: string): string | undefined {
  const slips = MAX_SLIPS.find(({ from }) => name.length >= from)?.slips ?? 0;
  let nearest: string | undefined;
  let fewest = slips + 1;
  for (const metric of METRICS.keys()) {
    if (Math.abs(metric.length - name.length) > slips) continue;
    const distance = countSlips(name, metric);
    if (distance < fewest) [nearest, fewest] = [metric, distance];
  }
  return nearest;
}

/** Letters that were left out, added, mistaken or swapped with their neighbour. */
function countSlips(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      let fewest = Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwapped =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwapped) fewest = Math.min(fewest, (before[column - 2] ?? 0) + 1);
      current.push(fewest);
    }
    [before, above] = [above, current];
  }
  return above[b.length] ?? 0;
}
