import type { PageReadings } from '@hearth/history';

/** `ts` in epoch milliseconds. */
export interface RawReading {
  readonly ts: number;
  readonly value: number;
}

/** Both in the order of time; of two readings of one time the page's counts, because it is the older one. */
export function mergeReadings(
  page: PageReadings | undefined,
  held: readonly RawReading[],
): PageReadings {
  if (page !== undefined && held.length === 0) return page;
  const ts: number[] = [];
  const values: number[] = [];
  const pagedTs = page?.ts ?? new Float64Array();
  let paged = 0;
  const takePaged = (beforeMs: number): void => {
    for (; paged < pagedTs.length; paged += 1) {
      const moment = pagedTs[paged] ?? 0;
      if (moment > beforeMs) return;
      ts.push(moment);
      values.push(page?.values[paged] ?? 0);
    }
  };
  for (const { ts: moment, value } of held) {
    takePaged(moment);
    if (ts.at(-1) === moment) continue;
    ts.push(moment);
    values.push(value);
  }
  takePaged(Infinity);
  return { ts: Float64Array.from(ts), values: Float64Array.from(values) };
}
