import type { CommandId } from '@hearth/contracts';
import { FinalWaiters } from './final-waiters.js';

const [one, other] = ['1', '2'] as [CommandId, CommandId];

describe('FinalWaiters', () => {
  it('lets those go who wait for the finished command', async () => {
    const sut = new FinalWaiters();
    const released: string[] = [];
    const waits = [
      sut.wait(one, 60_000).then(() => released.push('one')),
      sut.wait(one, 60_000).then(() => released.push('one')),
      sut.wait(other, 60_000).then(() => released.push('other')),
    ];
    sut.finish(one);
    await Promise.all(waits.slice(0, 2));
    expect(released).toEqual(['one', 'one']);
    sut.release();
    await waits[2];
    expect(released).toEqual(['one', 'one', 'other']);
  });

  it('lets go when the time is over', async () => {
    await expect(new FinalWaiters().wait(one, 0)).resolves.toBeUndefined();
  });

  it('makes nobody wait beyond its limit', async () => {
    const sut = new FinalWaiters();
    const waits = Array.from({ length: 500 }, () => sut.wait(one, 60_000));
    await sut.wait(one, 60_000);
    sut.release();
    await Promise.all(waits);
  });
});
