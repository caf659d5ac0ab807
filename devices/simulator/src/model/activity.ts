// What people's comings and goings do to doors, windows and motion sensors. Pure functions of time.
import { hashUnit } from '../random.js';
import type { Whereabouts } from './occupants.js';

const SECOND_MS = 1_000;
const SLOT_MS = 300 * SECOND_MS;
const DOOR_OPEN_MS = 20 * SECOND_MS;
const CROSSING_MS = 45 * SECOND_MS;
const AIRING_MS = 420 * SECOND_MS;
/** Share of five-minute slots in which someone who is at home and awake crosses the hall, or opens the window. */
const CROSSING_SHARE = 0.45;
const AIRING_SHARE = 0.03;

export interface Activity {
  readonly doorOpen: boolean;
  readonly windowOpen: boolean;
  readonly hallMotion: boolean;
}

function withinSlot(seed: number, name: string, localMs: number, lengthMs: number, share: number) {
  const slot = Math.floor(localMs / SLOT_MS);
  // An event may outlast its slot, so the one before counts as well.
  return [slot, slot - 1, slot - 2].some((index) => {
    if (hashUnit(seed, name, index) >= share) return false;
    const startMs = index * SLOT_MS + hashUnit(seed, name, index, 'start') * SLOT_MS;
    return localMs >= startMs && localMs < startMs + lengthMs;
  });
}

/** `asleepIn` is the room in which nobody who stays there is awake. */
export function activityAt(
  whereabouts: readonly Whereabouts[],
  seed: number,
  localMs: number,
  asleepIn: string,
): Activity {
  const awake = whereabouts.some(({ place }) => place !== 'away' && place !== asleepIn);
  const moved = whereabouts.some(
    ({ place, previous, sinceMs }) => place !== previous && localMs - sinceMs < CROSSING_MS,
  );
  const passedDoor = whereabouts.some(
    ({ place, previous, sinceMs }) =>
      (place === 'away') !== (previous === 'away') && localMs - sinceMs < DOOR_OPEN_MS,
  );
  return {
    doorOpen: passedDoor,
    windowOpen: awake && withinSlot(seed, 'airing', localMs, AIRING_MS, AIRING_SHARE),
    hallMotion: moved || (awake && withinSlot(seed, 'hall', localMs, CROSSING_MS, CROSSING_SHARE)),
  };
}
