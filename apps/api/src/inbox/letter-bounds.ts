// How many dead letters are kept, and for how long.

/** Long enough to come back from a holiday and repair the mapping. */
export const KEEP_LETTERS_DAYS = 30;

/** At most so many letters and bytes of payload. */
interface Room {
  readonly letters: number;
  readonly bytes: number;
}

/** Of one sender, so that one broken device does not push out the letters of all others. */
export const ROOM_OF_SENDER: Room = { letters: 1_000, bytes: 32 * 1024 * 1024 };
/** Of all: what a small computer can spare, and what a search can look through. */
export const ROOM_OF_ALL: Room = { letters: 20_000, bytes: 256 * 1024 * 1024 };

/** The room is looked after when so much came in: counting costs a scan. */
export const PRUNE_AFTER: Room = { letters: 500, bytes: 16 * 1024 * 1024 };
