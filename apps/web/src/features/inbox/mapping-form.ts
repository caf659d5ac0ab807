// A mapping as it is typed: texts, also where the contract wants numbers. Pure.
import {
  mappingDraftSchema,
  type DiscoveredTopic,
  type Mapping,
  type MappingInput,
} from '@hearth/contracts';

/** One metric; `key` stays with its row. */
export interface MetricRow {
  readonly key: string;
  readonly used: boolean;
  readonly metric: string;
  readonly path: string;
  readonly unit: string;
  readonly scale: string;
  readonly offset: string;
}

const PLAIN = { used: true, unit: '', scale: '1', offset: '0' } as const;

export function emptyRow(key: string): MetricRow {
  return { ...PLAIN, key, metric: '', path: '' };
}

/** What the guess found, with what seems worth keeping chosen; no name stands twice among the chosen. */
export function rowsOfGuess({ fields }: DiscoveredTopic['guess']): MetricRow[] {
  if (fields.length === 0) return [emptyRow('0')];
  const chosen = new Set<string>();
  return fields.map(({ path, metric, unit, likely }, index) => {
    const used = (likely || fields.length === 1) && !chosen.has(metric);
    if (used) chosen.add(metric);
    return { ...PLAIN, key: String(index), used, metric, path, unit };
  });
}

export function rowsOfMapping({ metrics }: Mapping): MetricRow[] {
  return metrics.map(({ metric, path, unit, scale, offset }, index) => ({
    key: String(index),
    used: true,
    metric,
    path,
    unit,
    scale: String(scale),
    offset: String(offset),
  }));
}

/** The rows that are used, as the contract has them. What is no number becomes none, and is refused there. */
export function toMetrics(rows: readonly MetricRow[]): MappingInput['metrics'] {
  return rows
    .filter(({ used }) => used)
    .map(({ metric, path, unit, scale, offset }) => ({
      metric: metric.trim(),
      path: path.trim(),
      unit: unit.trim(),
      scale: toNumber(scale),
      offset: toNumber(offset),
    }));
}

function toNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text.replace(',', '.'));
}

/** What is wrong with a mapping, by its field; nothing when it can be saved. */
export function findMappingFaults(mapping: MappingInput): ReadonlyMap<string, string> {
  const parsed = mappingDraftSchema.safeParse(mapping);
  if (parsed.success) return new Map();
  return new Map(parsed.error.issues.map(({ path, message }) => [path.join('.'), message]));
}
