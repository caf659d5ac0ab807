export {
  degreeHours,
  extremesByPeriod,
  integrate,
  meanOf,
  type DegreeHours,
  type Extremes,
  type TimeIntegral,
} from './aggregates.js';
export { chooseTier } from './choose-tier.js';
export { countedByPeriod, RESET_SHARE, type CounterOptions } from './counter-energy.js';
export {
  localPeriods,
  PERIOD_UNITS,
  tierOfPeriods,
  type LocalPeriod,
  type PeriodUnit,
} from './local-periods.js';
export {
  combine,
  meanOfBucket,
  MOST_SUMMED,
  rollUp,
  TIERS,
  TIER_MS,
  type Rollup,
  type Tier,
} from './roll-up.js';
export {
  heldStretches,
  measuredStretches,
  rolledUpStretches,
  type ReadingColumns,
  type Stretch,
} from './stretches.js';
export {
  decodeMinutes,
  decodePage,
  encodeMinutes,
  encodePage,
  MOST_PAGE_READINGS,
  PageCorrupt,
  type PageReadings,
} from './page-codec.js';
