import { BoundedQueue, QueueFull } from './bounded-queue.js';

/** A task that runs until it is told to end. */
function heldTask() {
  let started = false;
  const ends: (() => void)[] = [];
  const promise = new Promise<void>((resolve) => ends.push(resolve));
  return {
    run: () => {
      started = true;
      return promise;
    },
    end: () => ends.forEach((end) => end()),
    hasStarted: () => started,
  };
}

describe('BoundedQueue', () => {
  it('runs no more at a time than it may, and the rest in order', async () => {
    const sut = new BoundedQueue(2, 10);
    const tasks = [heldTask(), heldTask(), heldTask(), heldTask()];
    const done = tasks.map((task) => sut.run(task.run));
    expect(tasks.map((task) => task.hasStarted())).toEqual([true, true, false, false]);
    tasks[1]!.end();
    await done[1];
    await Promise.resolve();
    expect(tasks.map((task) => task.hasStarted())).toEqual([true, true, true, false]);
    for (const task of tasks) task.end();
    await Promise.all(done);
    expect(tasks[3]!.hasStarted()).toBe(true);
  });

  it('turns away at once what would wait too long', async () => {
    const sut = new BoundedQueue(1, 1);
    const [running, waiting] = [heldTask(), heldTask()];
    const done = [sut.run(running.run), sut.run(waiting.run)];
    await expect(sut.run(async () => 0)).rejects.toBeInstanceOf(QueueFull);
    running.end();
    waiting.end();
    await Promise.all(done);
    await expect(sut.run(async () => 7)).resolves.toBe(7);
  });

  it('frees the place of a task that fails', async () => {
    const sut = new BoundedQueue(1, 1);
    await expect(sut.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(sut.run(async () => 7)).resolves.toBe(7);
  });
});
