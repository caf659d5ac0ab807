// Step 5: leaves out what is committed already. The key (series, time) decides the rest in the database.
import type { Fresh, Normalised, Reading } from '../message.js';

export function deduplicate(normalised: Normalised): Fresh {
  const { message, readings } = normalised;
  // The common case allocates nothing.
  if (!readings.some(isStored)) return { message, readings, repeated: 0 };
  const fresh = readings.filter((reading) => !isStored(reading));
  return { message, readings: fresh, repeated: readings.length - fresh.length };
}

/** True only when the row that this reading repeats is committed: what is still under way may yet fail. */
function isStored({ series, ts }: Reading): boolean {
  return ts === series.latestTs;
}
