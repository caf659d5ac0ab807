import { Slots } from './slots.js';

/** A task that ends when the spec says so. */
function aTask<T>(result: T) {
  let end = (): void => undefined;
  let hasBegun = false;
  const done = new Promise<T>((resolve) => (end = () => resolve(result)));
  const run = (): Promise<T> => {
    hasBegun = true;
    return done;
  };
  return { run, end, begun: () => hasBegun };
}

describe(Slots, () => {
  it('runs so many tasks at once, and the next when one ends', async () => {
    const slots = new Slots(1, 10);
    const [first, second] = [aTask('a'), aTask('b')];
    const results = Promise.all([slots.run(first.run), slots.run(second.run)]);
    expect([first.begun(), second.begun()]).toEqual([true, false]);
    first.end();
    second.end();
    expect(await results).toEqual(['a', 'b']);
  });

  it('goes on after a task that failed', async () => {
    const slots = new Slots(1, 10);
    await expect(slots.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await slots.run(() => Promise.resolve(1))).toBe(1);
  });

  it('refuses when too many wait', async () => {
    const slots = new Slots(1, 1);
    const tasks = [aTask(1), aTask(2)];
    const running = tasks.map(({ run }) => slots.run(run));
    await expect(slots.run(aTask(3).run)).rejects.toMatchObject({ code: 'too-busy' });
    for (const { end } of tasks) end();
    expect(await Promise.all(running)).toEqual([1, 2]);
  });
});
