import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 20;
const PATIENCE_MS = 10_000;

/** Resolves as soon as `isTrue`; for what happens in the background and tells nobody. Fails naming `what`. */
export async function eventually(
  what: string,
  isTrue: () => Promise<boolean>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`not within ${patienceMs} ms: ${what}`);
    await pause(LOOK_EVERY_MS);
  }
}
