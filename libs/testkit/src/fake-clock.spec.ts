import { FakeClock } from './fake-clock.js';

describe('FakeClock', () => {
  it('fires timers in the order in which they are due, each at its own time', () => {
    const clock = new FakeClock(0);
    const fired: string[] = [];
    clock.after(20, () => fired.push(`b@${clock.now()}`));
    clock.after(10, () => {
      fired.push(`a@${clock.now()}`);
      clock.after(5, () => fired.push(`c@${clock.now()}`));
    });
    clock.advance(30);
    expect(fired).toEqual(['a@10', 'c@15', 'b@20']);
    expect(clock.now()).toBe(30);
  });

  it('fires no timer that was cancelled or is not due', () => {
    const clock = new FakeClock(0);
    const cancel = clock.after(10, () => {
      throw new Error('cancelled');
    });
    clock.after(11, () => {
      throw new Error('not due');
    });
    cancel();
    clock.advance(10);
    expect(clock.pending).toBe(1);
  });
});
