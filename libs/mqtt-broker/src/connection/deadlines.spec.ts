import * as fc from 'fast-check';
import { FakeClock } from '@hearth/testkit';
import { Deadlines, type Due } from './deadlines.js';

class Thing implements Due {
  dueAtMs = 0;
  heapIndex = -1;
  readonly #called: () => void;
  constructor(called: () => void) {
    this.#called = called;
  }
  due(): void {
    this.#called();
  }
}

function start() {
  const clock = new FakeClock();
  const errors: unknown[] = [];
  const sut = new Deadlines(clock, (error) => errors.push(error));
  const began = clock.now();
  return { clock, sut, errors, elapsed: () => clock.now() - began };
}

describe(Deadlines.name, () => {
  it('calls everything at its time, soonest first, whatever was set again or cleared before', () => {
    const change = fc.record({
      thing: fc.nat(9),
      ms: fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const { clock, sut, elapsed } = start();
        const called: string[] = [];
        const things = Array.from(
          { length: 10 },
          (_, index) => new Thing(() => called.push(`${index} at ${elapsed()}`)),
        );
        const expected = new Map<number, number>();
        for (const { thing, ms } of changes) {
          const one = things[thing]!;
          if (ms === undefined) {
            sut.clear(one);
            expected.delete(thing);
          } else {
            sut.set(one, ms);
            expected.set(thing, ms);
          }
        }
        for (let ms = 0; ms <= 50; ms++) clock.advance(1);
        const wanted = [...expected].map(([thing, ms]) => `${thing} at ${ms}`);
        expect(called.toSorted()).toEqual(wanted.toSorted());
        expect(sut.size).toBe(0);
      }),
    );
  });

  it('waits on for what is set while another is called', () => {
    const { clock, sut } = start();
    let calls = 0;
    const again: Thing = new Thing(() => {
      calls++;
      if (calls < 3) sut.set(again, 10);
    });
    sut.set(again, 10);
    for (let round = 0; round < 5; round++) clock.advance(10);
    expect(calls).toBe(3);
  });

  it('goes on behind one that throws, and reports it', () => {
    const { clock, sut, errors } = start();
    let calls = 0;
    sut.set(
      new Thing(() => {
        throw new Error('a bug');
      }),
      5,
    );
    sut.set(new Thing(() => calls++), 6);
    clock.advance(10);
    expect(calls).toBe(1);
    expect(errors).toHaveLength(1);
  });
});
