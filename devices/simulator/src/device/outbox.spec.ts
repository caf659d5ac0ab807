import * as fc from 'fast-check';
import {
  BACKFILL_ENTRIES,
  encodeEntries,
  Outbox,
  OUTBOX_CAPACITY,
  OUTBOX_IN_FLIGHT,
} from './outbox.js';

const entry = (seq: number) => ({ ts: 1_900_000_000_000 + seq, seq });

function filled(count: number): Outbox {
  const outbox = new Outbox();
  for (let seq = 0; seq < count; seq += 1) outbox.push(entry(seq));
  return outbox;
}

/** Takes and settles everything; the sequence numbers in the order in which they left. */
function drain(outbox: Outbox): number[] {
  const left: number[] = [];
  for (let parcel = outbox.take(); parcel !== undefined; parcel = outbox.take()) {
    left.push(...parcel.entries.map(({ seq }) => Number(seq)));
    outbox.settle(parcel.id);
  }
  return left;
}

describe(Outbox.name, () => {
  it('sends what waits together as one backfill, bounded', () => {
    const outbox = filled(BACKFILL_ENTRIES + 3);
    expect(outbox.take()?.entries).toHaveLength(BACKFILL_ENTRIES);
    expect(outbox.take()?.entries).toHaveLength(3);
    expect(outbox.take()).toBeUndefined();
  });

  it('has only so many messages under way', () => {
    const outbox = new Outbox();
    const taken = Array.from({ length: OUTBOX_IN_FLIGHT + 1 }, (_, seq) => {
      outbox.push(entry(seq));
      return outbox.take();
    });
    expect(taken.filter((parcel) => parcel !== undefined)).toHaveLength(OUTBOX_IN_FLIGHT);
    outbox.settle(taken[0]!.id);
    expect(outbox.take()?.entries).toEqual([entry(OUTBOX_IN_FLIGHT)]);
  });

  it('keeps the newest when it is full, and counts what it lost', () => {
    const outbox = filled(OUTBOX_CAPACITY + 7);
    expect(outbox.dropped).toBe(7);
    expect(outbox.size).toBe(OUTBOX_CAPACITY);
    expect(drain(outbox)[0]).toBe(7);
  });

  it('sends again, in order, what a lost link or a busy server left unacknowledged', () => {
    const outbox = filled(2);
    const first = outbox.take()!;
    outbox.push(entry(2));
    outbox.take();
    outbox.recall();
    outbox.settle(first.id);
    expect(drain(outbox)).toEqual([0, 1, 2]);
    const retried = filled(2);
    retried.retry(retried.take()!.id);
    expect(drain(retried)).toEqual([0, 1]);
  });

  it('never loses, doubles or reorders while it has room', () => {
    const steps = fc.array(fc.constantFrom('push', 'take', 'settle', 'retry', 'recall'), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(steps, (names) => {
        const outbox = new Outbox();
        const settled: number[] = [];
        let open: { id: number; entries: readonly { seq?: number | boolean }[] }[] = [];
        let pushed = 0;
        for (const name of names) {
          if (name === 'push') outbox.push(entry(pushed++));
          if (name === 'take')
            open.push(...[outbox.take()].filter((parcel) => parcel !== undefined));
          // Acknowledgements come in the order of sending, MQTT 5.0 section 4.6.
          if (name === 'settle' && open.length > 0) {
            const parcel = open.shift()!;
            settled.push(...parcel.entries.map(({ seq }) => Number(seq)));
            outbox.settle(parcel.id);
          }
          if (name === 'retry' && open.length === 1) outbox.retry(open.pop()!.id);
          if (name === 'recall') {
            outbox.recall();
            open = [];
          }
        }
        outbox.recall();
        expect([...settled, ...drain(outbox)]).toEqual(Array.from({ length: pushed }, (_, i) => i));
      }),
    );
  });

  it('forgets everything in a power cut', () => {
    const outbox = filled(5);
    outbox.take();
    outbox.clear();
    expect(outbox.size).toBe(0);
  });
});

describe(encodeEntries.name, () => {
  it('writes one entry as an object and more as an array', () => {
    expect(encodeEntries([{ ts: 1, seq: 0, motion: true }])).toBe('{"ts":1,"seq":0,"motion":true}');
    expect(encodeEntries([{ ts: 1 }, { ts: 2 }])).toBe('[{"ts":1},{"ts":2}]');
  });
});
