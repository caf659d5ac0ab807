import { BatchWriter } from './batch-writer.js';
import { ManualScheduler } from './fixtures/scheduler.js';

const LIMITS = { maxBatchRows: 3, firstRetryMs: 100, longestRetryMs: 400 };

/** A store whose commits end when the spec says so. */
class FakeStore {
  readonly begun: string[][] = [];
  readonly committed: string[][] = [];
  readonly failures: number[] = [];
  recoveries = 0;
  #ends: { resolve: () => void; reject: (error: Error) => void }[] = [];

  readonly scheduler = new ManualScheduler();
  readonly writer = new BatchWriter<string[]>(
    {
      open: () => [],
      commit: (batch) => {
        this.begun.push([...batch]);
        return new Promise((resolve, reject) => void this.#ends.push({ resolve, reject }));
      },
      committed: (batch) => void this.committed.push([...batch]),
      failed: (_, attempt) => void this.failures.push(attempt),
      recovered: () => void (this.recoveries += 1),
      scheduler: this.scheduler,
    },
    LIMITS,
  );

  put(row: string): Promise<void> {
    const { batch, settled } = this.writer.gather(1);
    batch.push(row);
    return settled;
  }

  async succeed(): Promise<void> {
    this.#ends.shift()!.resolve();
    await this.scheduler.turn();
  }

  async fail(): Promise<void> {
    this.#ends.shift()!.reject(new Error('away'));
    await this.scheduler.turn();
  }
}

/** Whether the promise is settled by now. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

describe(BatchWriter, () => {
  it('gathers all of a turn of the event loop into one commit with one promise', async () => {
    const store = new FakeStore();
    const promises = [store.put('a'), store.put('b')];
    expect(store.begun).toEqual([]);
    await store.scheduler.turn();
    expect(store.begun).toEqual([['a', 'b']]);
    expect(promises[0]).toBe(promises[1]);
  });

  it('settles only after the commit', async () => {
    const store = new FakeStore();
    const promise = store.put('a');
    await store.scheduler.turn();
    expect(await isSettled(promise)).toBe(false);
    await store.succeed();
    expect(await isSettled(promise)).toBe(true);
    expect(store.committed).toEqual([['a']]);
  });

  it('keeps what is gathered beside a companion in one batch for the rest of the turn, full or not', async () => {
    const store = new FakeStore();
    for (const row of ['a', 'b']) void store.put(row);
    const { settled } = store.writer.join();
    for (const row of ['c', 'd']) expect(store.put(row)).toBe(settled);
    expect(store.writer.join().settled).toBe(settled);
    await store.scheduler.turn();
    expect(store.begun).toEqual([['a', 'b', 'c', 'd']]);
    for (const row of ['e', 'f', 'g']) void store.put(row);
    const next = store.writer.join();
    await store.scheduler.turn();
    expect(store.put('h')).not.toBe(next.settled);
  });

  it('joins a batch that one message has overfilled', () => {
    const store = new FakeStore();
    const { settled } = store.writer.gather(LIMITS.maxBatchRows + 1);
    expect(store.writer.join().settled).toBe(settled);
  });

  it('commits a batch that was only joined', async () => {
    const store = new FakeStore();
    const { settled } = store.writer.join();
    await store.scheduler.turn();
    await store.succeed();
    expect(await isSettled(settled)).toBe(true);
  });

  it('commits one batch at a time, the next gathers meanwhile and keeps its order', async () => {
    const store = new FakeStore();
    void store.put('a');
    await store.scheduler.turn();
    const promise = store.put('b');
    void store.put('c');
    await store.scheduler.turn();
    expect(store.begun).toEqual([['a']]);
    await store.succeed();
    expect(store.begun).toEqual([['a'], ['b', 'c']]);
    expect(await isSettled(promise)).toBe(false);
    await store.succeed();
    expect(await isSettled(promise)).toBe(true);
  });

  it('cuts what waits into batches of at most the limit', async () => {
    const store = new FakeStore();
    for (const row of 'abcdefg') void store.put(row);
    await store.scheduler.turn();
    await store.succeed();
    await store.succeed();
    await store.succeed();
    expect(store.committed.map((batch) => batch.join(''))).toEqual(['abc', 'def', 'g']);
  });

  it('takes a message that is larger than a batch as a batch of its own', async () => {
    const store = new FakeStore();
    void store.put('a');
    store.writer.gather(10).batch.push('large');
    void store.put('b');
    await store.scheduler.turn();
    await store.succeed();
    await store.succeed();
    await store.succeed();
    expect(store.committed).toEqual([['a'], ['large'], ['b']]);
  });

  it('keeps a batch that cannot be committed, and tries again with growing pauses', async () => {
    const store = new FakeStore();
    const promise = store.put('a');
    await store.scheduler.turn();
    for (const pauseMs of [100, 200, 400, 400]) {
      await store.fail();
      expect(store.scheduler.nextTimerMs).toBe(pauseMs);
      await store.scheduler.advance(pauseMs);
    }
    expect(store.writer.isFailing).toBe(true);
    expect(await isSettled(promise)).toBe(false);
    await store.succeed();
    expect(await isSettled(promise)).toBe(true);
    expect(store.begun).toEqual([['a'], ['a'], ['a'], ['a'], ['a']]);
    expect([store.failures, store.recoveries, store.writer.isFailing]).toEqual([
      [1, 2, 3, 4],
      1,
      false,
    ]);
  });

  it('commits nothing of what came later before the batch that fails', async () => {
    const store = new FakeStore();
    void store.put('a');
    await store.scheduler.turn();
    await store.fail();
    const later = store.put('b');
    await store.scheduler.turn();
    expect(store.begun).toEqual([['a']]);
    await store.scheduler.advance(100);
    await store.succeed();
    await store.succeed();
    expect(store.committed).toEqual([['a'], ['b']]);
    expect(await isSettled(later)).toBe(true);
  });

  it('knows how many rows wait', async () => {
    const store = new FakeStore();
    void store.put('a');
    await store.scheduler.turn();
    void store.put('b');
    expect(store.writer.waitingRows).toBe(2);
    await store.succeed();
    expect(store.writer.waitingRows).toBe(1);
    await store.succeed();
    expect([store.writer.waitingRows, store.writer.commits]).toEqual([0, 2]);
  });

  it('commits what waits before it stops', async () => {
    const store = new FakeStore();
    void store.put('a');
    await store.scheduler.turn();
    void store.put('b');
    const stopped = store.writer.stop();
    await store.succeed();
    await store.succeed();
    expect(await stopped).toBe(0);
  });

  it('stops at once when nothing waits', async () => {
    const store = new FakeStore();
    const stopped = store.writer.stop();
    await store.scheduler.turn();
    expect(await stopped).toBe(0);
  });

  it.each(['before', 'while'])('gives up on a store that fails %s it stops', async (when) => {
    const store = new FakeStore();
    const promise = store.put('a');
    await store.scheduler.turn();
    let stopped: Promise<number> | undefined;
    if (when === 'while') stopped = store.writer.stop();
    await store.fail();
    stopped ??= store.writer.stop();
    expect(await stopped).toBe(1);
    await store.scheduler.advance(10_000);
    expect(store.begun).toEqual([['a']]);
    expect(await isSettled(promise)).toBe(false);
  });
});
