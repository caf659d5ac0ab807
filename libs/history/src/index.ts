export { rollUp, TIERS, TIER_MS, type Rollup, type Tier } from './roll-up.js';
