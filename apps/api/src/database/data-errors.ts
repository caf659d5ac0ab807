// Rows that Postgres refuses. Nothing lets one through that it could refuse; should it happen all the same, one row must
// not hold up all others for ever.

const UNIQUE_VIOLATION = '23505';
/** Classes of SQLSTATE that blame the data: 22 data exception, 23 integrity, 54 program limit. Trying again will not help. */
const DATA_ERROR = /^(?:22|23|54)/;

/** True when Postgres refused the data itself. */
export function isDataError(error: unknown): boolean {
  return DATA_ERROR.test(codeOf(error));
}

/** True when a row with this key is there already, as plain SQL is told it. */
export function isKeyTaken(error: unknown): boolean {
  return codeOf(error) === UNIQUE_VIOLATION;
}

/** Writes rows `from` to `to`, the last one not included; answers how many were written. */
export type WriteRows = (from: number, to: number) => Promise<number>;

/**
 * Writes `size` rows at once. Where the data is refused, halves are tried until the row is found; it is left out and told.
 * Rejects with every other error.
 */
export function aroundBadRows(
  size: number,
  write: WriteRows,
  tell: (row: number, error: unknown) => void,
): Promise<number> {
  return between(0, size, write, tell);
}

async function between(
  from: number,
  to: number,
  write: WriteRows,
  tell: (row: number, error: unknown) => void,
): Promise<number> {
  try {
    return await write(from, to);
  } catch (error) {
    if (!isDataError(error)) throw error;
    if (to - from === 1) {
      tell(from, error);
      return 0;
    }
    const middle = (from + to) >> 1;
    const first = await between(from, middle, write, tell);
    return first + (await between(middle, to, write, tell));
  }
}

/** SQLSTATE of an error; empty for one that does not come from the server. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
