import * as fc from 'fast-check';
import { allowAll } from '../auth/allow-all.js';
import { defaultLimits } from '../limits.js';
import { defaultSettings } from '../listener-settings.js';
import { FlushQueue, Outbox } from './outbox.js';
import type { Wire } from './wire.js';

class RecordingWire implements Wire {
  readonly address = 'test';
  readonly transport = 'tcp';
  readonly entrance = {
    settings: defaultSettings(defaultLimits, allowAll()),
    connections: 0,
    guests: 0,
  };
  readonly writes: Buffer[][] = [];
  /** Whether writes leave at once. */
  flows = true;
  unsentBytes = 0;
  ended = false;

  start(): void {}
  admit(): void {}
  probe(): void {}
  write(pieces: readonly Buffer[]): boolean {
    this.writes.push(pieces.map((piece) => Buffer.from(piece)));
    if (this.flows) return true;
    for (const piece of pieces) this.unsentBytes += piece.length;
    return false;
  }
  pause(): void {}
  resume(): void {}
  end(): void {
    this.ended = true;
  }
  destroy(): void {}

  get bytes(): Buffer {
    return Buffer.concat(this.writes.flat());
  }
}

function anOutbox(): { sut: Outbox; wire: RecordingWire } {
  const wire = new RecordingWire();
  return { sut: new Outbox(wire, new FlushQueue()), wire };
}

describe(Outbox.name, () => {
  it('writes once for neighbours in one buffer, without a copy', () => {
    const { sut, wire } = anOutbox();
    const chunk = Buffer.alloc(100_000, 7);
    sut.push(chunk, 0, 50_000);
    sut.push(chunk, 50_000, 100_000);
    sut.flush();
    expect(wire.writes).toHaveLength(1);
    expect(wire.writes[0]).toHaveLength(1);
  });

  it('keeps every byte in order, whatever the pieces and the wire do', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({
          bytes: fc.constantFrom(1, 30, 2500, 20_000),
          fresh: fc.boolean(),
          gap: fc.constantFrom(0, 0, 7),
        }),
        fc.constantFrom('flush' as const, 'block' as const, 'drain' as const),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const { sut, wire } = anOutbox();
        const expected: Buffer[] = [];
        const chunk = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251));
        let at = 0;
        for (const step of all) {
          if (step === 'flush') sut.flush();
          else if (step === 'block') wire.flows = false;
          else if (step === 'drain') {
            wire.flows = true;
            wire.unsentBytes = 0;
            sut.drained();
          } else {
            const buffer = step.fresh ? Buffer.from(chunk) : chunk;
            if (at + step.bytes > buffer.length) at = 0;
            sut.push(buffer, at, at + step.bytes);
            expected.push(buffer.subarray(at, at + step.bytes));
            at += step.bytes + step.gap;
          }
        }
        sut.close();
        expect(wire.bytes.equals(Buffer.concat(expected))).toBe(true);
        expect(wire.ended).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('counts what has not left: gathered, held and in the wire', () => {
    const { sut, wire } = anOutbox();
    wire.flows = false;
    const chunk = Buffer.alloc(1000);
    sut.push(chunk, 0, 100);
    expect(sut.unsentBytes).toBe(100);
    sut.flush();
    expect(sut.unsentBytes).toBe(100);
    sut.push(chunk, 0, 50);
    sut.flush();
    expect(sut.unsentBytes).toBe(150);
    wire.flows = true;
    wire.unsentBytes = 0;
    sut.drained();
    expect(sut.unsentBytes).toBe(0);
  });

  it('holds copies while the wire is busy, so that a stuck client pins its own bytes only', () => {
    const { sut, wire } = anOutbox();
    wire.flows = false;
    const chunk = Buffer.from('first-second');
    sut.push(chunk, 0, 5);
    sut.flush();
    sut.push(chunk, 6, 12);
    sut.flush();
    chunk.fill(0);
    wire.flows = true;
    sut.drained();
    expect(wire.writes[1]?.[0]?.toString()).toBe('second');
  });

  it('flushes by itself when a turn gathers much', () => {
    const { sut, wire } = anOutbox();
    sut.push(Buffer.alloc(300_000), 0, 300_000);
    expect(wire.bytes).toHaveLength(300_000);
  });
});
