// The server's clock as this browser sees it. Ages of values are measured with it, because the clock of
// the phone on the kitchen table is not the clock that stamped the reading.

let offsetMs = 0;

/** Takes the server's time from a frame that has just arrived. */
export function adjustServerClock(serverTimeMs: number, localNowMs = Date.now()): void {
  offsetMs = serverTimeMs - localNowMs;
}

/** Now, in the server's time, epoch milliseconds. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}
