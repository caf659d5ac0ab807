import { WriteBehind } from './write-behind.js';

function aDatabase() {
  const rows: (readonly [string, number])[][] = [];
  const retries: { ms: number; run: () => void }[] = [];
  const errors: unknown[] = [];
  const database = { up: true };
  const sut = new WriteBehind<string, number>({
    write: async (batch) => {
      if (!database.up) throw new Error('database away');
      rows.push([...batch]);
    },
    maxWaiting: 3,
    onError: (error) => errors.push(error),
    after: (ms, run) => {
      retries.push({ ms, run });
      return () => {};
    },
  });
  return { sut, rows, retries, errors, database };
}

describe('WriteBehind', () => {
  it('writes what was put in one turn as one batch, in order', async () => {
    const { sut, rows } = aDatabase();
    sut.put('a', 1);
    sut.put('b', 2);
    await sut.flush();
    expect(rows).toEqual([
      [
        ['a', 1],
        ['b', 2],
      ],
    ]);
  });

  it('writes only the newest value of a key that was not written yet', async () => {
    const { sut, rows } = aDatabase();
    sut.put('a', 1);
    sut.put('b', 2);
    sut.put('a', 3);
    await sut.flush();
    expect(rows.flat()).toEqual([
      ['b', 2],
      ['a', 3],
    ]);
  });

  it('keeps the order when a write fails, and tries again later and later', async () => {
    const { sut, rows, retries, errors, database } = aDatabase();
    database.up = false;
    sut.put('a', 1);
    await sut.flush();
    sut.put('b', 2);
    retries[0]!.run();
    await sut.flush();
    expect(errors.length).toBeGreaterThanOrEqual(2);
    expect(retries[1]!.ms).toBe(2 * retries[0]!.ms);
    database.up = true;
    retries.at(-1)?.run();
    await sut.flush();
    expect(rows.flat()).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  it('does not hammer a database that is away', async () => {
    const { sut, errors, database } = aDatabase();
    database.up = false;
    sut.put('a', 1);
    await sut.flush();
    for (let value = 0; value < 10; value++) sut.put('b', value);
    await Promise.resolve();
    expect(errors).toHaveLength(1);
  });

  it('does not put an older value over a newer one after a failure', async () => {
    const { sut, rows, database } = aDatabase();
    database.up = false;
    sut.put('a', 1);
    const failing = sut.flush();
    await Promise.resolve();
    await Promise.resolve();
    sut.put('a', 2);
    await failing;
    database.up = true;
    await sut.flush();
    expect(rows.flat()).toEqual([['a', 2]]);
  });

  it('gives up the oldest when too much waits, and counts it', async () => {
    const { sut, rows, database } = aDatabase();
    database.up = false;
    for (const [index, key] of ['a', 'b', 'c', 'd', 'e'].entries()) {
      sut.put(key, index);
      await sut.flush();
    }
    expect(sut.givenUp).toBe(2);
    database.up = true;
    await sut.stop();
    expect(rows.flat().map(([key]) => key)).toEqual(['c', 'd', 'e']);
  });
});
