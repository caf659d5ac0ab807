// Every topic mapping, compiled. Asked for each message that is on no topic of ours: by home, then level by level.
import {
  parseMappingFilter,
  scaleBy,
  type Conversion,
  type DeviceKind,
  type FilterLevel,
  type MappedMetric,
} from '@hearth/contracts';
import { parsePath } from './mapping-path.js';

/** A mapping as it is saved. Its filter is valid. */
export interface MappingSource {
  readonly id: string;
  readonly homeId: string;
  readonly filter: string;
  readonly device: string;
  readonly createKind: DeviceKind | null;
  readonly metrics: readonly MappedMetric[];
  readonly tsPath: string | null;
}

/** A metric of a mapping with its path taken apart. */
export interface CompiledMetric extends MappedMetric {
  readonly keys: readonly string[];
  /** Its scale and offset. */
  readonly scaling: Conversion;
}

export interface CompiledMapping {
  readonly source: MappingSource;
  readonly levels: readonly FilterLevel[];
  readonly metrics: readonly CompiledMetric[];
  readonly tsKeys: readonly string[] | undefined;
  /** Whether a payload must be JSON: some value of it is inside. */
  readonly needsJson: boolean;
}

/** Throws a `TypeError` for a filter that is none. */
export function compileMapping(source: MappingSource): CompiledMapping {
  const levels = parseMappingFilter(source.filter);
  if (typeof levels === 'string') throw new TypeError(`${source.filter} ${levels}`);
  const metrics = source.metrics.map((metric) => ({
    ...metric,
    keys: parsePath(metric.path),
    scaling: scaleBy(metric.scale, metric.offset),
  }));
  const tsKeys = source.tsPath === null ? undefined : parsePath(source.tsPath);
  const needsJson = metrics.some(({ keys, metric }) => keys.length > 0 || metric === '*');
  return { source, levels, metrics, tsKeys, needsJson };
}

/** True when the mapping's filter matches the topic, taken apart at its slashes. */
export function mappingMatches({ levels }: CompiledMapping, topic: readonly string[]): boolean {
  if (levels[0]?.type !== 'literal' && isHidden(topic)) return false;
  for (const [index, level] of levels.entries()) {
    if (level.type === 'rest') return true;
    const text = topic[index];
    if (text === undefined || (level.type === 'literal' && level.text !== text)) return false;
  }
  return levels.length === topic.length;
}

/** A wildcard in the first level never reaches topics that begin with `$` [MQTT-4.7.2-1]. */
function isHidden(topic: readonly string[]): boolean {
  return topic[0]?.startsWith('$') === true;
}

class Branch {
  readonly literals = new Map<string, Branch>();
  any: Branch | undefined;
  /** Of a filter that ends here, and of one that ends with `#` here. */
  mapping: CompiledMapping | undefined;
  rest: CompiledMapping | undefined;
}

export class MappingBook {
  readonly #homes = new Map<string, Branch>();

  /** Replaces the mappings of a home by these. No two of them may match the same topics. */
  replace(homeId: string, sources: readonly MappingSource[]): void {
    const root = new Branch();
    for (const source of sources) plant(root, compileMapping(source));
    if (sources.length === 0) this.#homes.delete(homeId);
    else this.#homes.set(homeId, root);
  }

  /**
   * The mapping that claims a topic: of several the most specific, that is the one with the name of a level where the
   * others have a wildcard, the first such level deciding; `#` comes last.
   */
  find(homeId: string, topic: string): CompiledMapping | undefined {
    const root = this.#homes.get(homeId);
    if (root === undefined) return undefined;
    const levels = topic.split('/');
    if (!isHidden(levels)) return search(root, levels, 0);
    // Only a filter that names the first level may take a topic of `$`.
    const first = root.literals.get(levels[0] ?? '');
    return first === undefined ? undefined : search(first, levels, 1);
  }
}

function plant(root: Branch, mapping: CompiledMapping): void {
  let branch = root;
  for (const level of mapping.levels) {
    if (level.type === 'rest') {
      branch.rest = mapping;
      return;
    }
    branch = grow(branch, level);
  }
  branch.mapping = mapping;
}

function grow(branch: Branch, level: Exclude<FilterLevel, { type: 'rest' }>): Branch {
  if (level.type === 'any') return (branch.any ??= new Branch());
  let next = branch.literals.get(level.text);
  if (next === undefined) branch.literals.set(level.text, (next = new Branch()));
  return next;
}

/**
 * At most two ways at each level, so a filter such as `+/+/+` beside literals could cost 2^levels; filters have at most
 * MAX_FILTER_LEVELS, and a branch is there only where a mapping made it: the work is bounded by their number.
 */
function search(
  branch: Branch,
  levels: readonly string[],
  depth: number,
): CompiledMapping | undefined {
  const level = levels[depth];
  if (level === undefined) return branch.mapping ?? branch.rest;
  const literal = branch.literals.get(level);
  const found = literal && search(literal, levels, depth + 1);
  if (found !== undefined) return found;
  const wild = branch.any && search(branch.any, levels, depth + 1);
  return wild ?? branch.rest;
}
