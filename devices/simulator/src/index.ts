// The door: what another program needs to run a house inside itself. The process is main.ts.
export { type Clock, type Cancel, MAX_SPEED } from './clock.js';
export { SimulatorError } from './errors.js';
export { HOUSE, type House } from './house/house.js';
export {
  devicesOf,
  MAX_HISTORY_HOURS,
  RunningHouse,
  type RunHouseOptions,
} from './house/run-house.js';
export { simulateHouse, type SimulateOptions, type Print } from './simulate.js';
export {
  replayFolder,
  type ReplayOptions,
  type ReplayReport,
  type ReplayObserver,
} from './replay/replay.js';
