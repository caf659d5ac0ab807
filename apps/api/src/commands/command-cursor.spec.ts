import type { CommandId } from '@hearth/contracts';
import { parseCursor, toCursorText } from './command-cursor.js';

const id = '00000000-0000-4000-8000-000000000001' as CommandId;

describe('parseCursor', () => {
  it('reads what toCursorText wrote, and it fits a query', () => {
    const cursor = { createdAtMs: 1_764_000_000_000, id };
    expect(parseCursor(toCursorText(cursor))).toEqual(cursor);
    expect(toCursorText(cursor).length).toBeLessThanOrEqual(64);
  });

  it.each(['', '.', 'abc', `zzzzzzzzzzz.${id}`, `1.${id}x`, `-1.${id}`, `1.not-an-id`])(
    'refuses %j',
    (text) => {
      expect(parseCursor(text)).toBeUndefined();
    },
  );
});
