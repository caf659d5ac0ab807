import { TIER_MS, TIERS, type Tier } from './roll-up.js';

/**
 * The coarsest tier that buckets of `widthMs` can be put together from; undefined when only the readings themselves are
 * fine enough.
 */
export function chooseTier(widthMs: number): Tier | undefined {
  return TIERS.findLast((tier) => widthMs % TIER_MS[tier] === 0);
}
