/** From `fromMs` to just before `toMs`, epoch milliseconds. */
export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The smallest range of whole buckets of `widthMs` that holds `range`. Buckets begin at multiples of it since 1970. */
export function wholeBuckets({ fromMs, toMs }: Range, widthMs: number): Range {
  return {
    fromMs: Math.floor(fromMs / widthMs) * widthMs,
    toMs: Math.ceil(toMs / widthMs) * widthMs,
  };
}
