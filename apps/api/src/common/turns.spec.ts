import { Turns } from './turns.js';

describe('Turns', () => {
  it('runs tasks of one key one after the other, in order', async () => {
    const sut = new Turns();
    const seen: string[] = [];
    let endFirst = () => {};
    const first = new Promise<void>((resolve) => (endFirst = resolve));
    const running = [
      sut.run('a', async () => {
        await first;
        seen.push('first');
      }),
      sut.run('a', async () => void seen.push('second')),
      sut.run('b', async () => void seen.push('other key')),
    ];
    await running[2];
    expect(seen).toEqual(['other key']);
    endFirst();
    await Promise.all(running);
    expect(seen).toEqual(['other key', 'first', 'second']);
  });

  it('goes on after a task that failed', async () => {
    const sut = new Turns();
    const failed = sut.run('a', () => Promise.reject(new Error('broken')));
    const next = sut.run('a', async () => 7);
    await expect(failed).rejects.toThrow('broken');
    await expect(next).resolves.toBe(7);
  });
});
