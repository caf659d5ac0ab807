import * as fc from 'fast-check';
import { Inflight } from './inflight.js';
import { PacketIds } from './packet-ids.js';
import type { Delivery } from './session-link.js';

function aDelivery(name: string): Delivery {
  return { message: { name }, qos: 1, retain: false } as unknown as Delivery;
}

describe(PacketIds.name, () => {
  it('goes round after 65535 and leaves 0 out', () => {
    const ids = new PacketIds();
    const none = new Set<number>();
    const wrong: number[] = [];
    for (let i = 1; i <= 65_535; i++) if (ids.next(none) !== i) wrong.push(i);
    expect(wrong).toEqual([]);
    expect(ids.next(none)).toBe(1);
  });

  it('passes over those in use', () => {
    expect(new PacketIds().next(new Set([1, 2, 4]))).toBe(3);
  });
});

describe(Inflight.name, () => {
  it('never has a packet identifier in use twice, whatever order the acknowledgements take', () => {
    const steps = fc.array(fc.oneof(fc.constant('open' as const), fc.nat(50)), { maxLength: 300 });
    fc.assert(
      fc.property(steps, (all) => {
        const sut = new Inflight();
        const used = new Set<number>();
        const doubled: number[] = [];
        for (const step of all) {
          if (step === 'open') {
            const id = sut.open(1, undefined);
            if (used.has(id)) doubled.push(id);
            used.add(id);
          } else {
            const id = [...used][step % Math.max(used.size, 1)];
            if (id === undefined) continue;
            sut.complete(id, 'puback');
            used.delete(id);
          }
        }
        expect(doubled).toEqual([]);
        expect(sut.used).toBe(used.size);
        expect(sut.size).toBe(used.size);
      }),
    );
  });

  it('never doubles one around 65,535 either, with many in use', () => {
    const steps = fc.array(fc.nat(9), { minLength: 100, maxLength: 400 });
    fc.assert(
      fc.property(fc.nat(3000), fc.nat(600), steps, (held, beforeWrap, all) => {
        const sut = new Inflight();
        const used = new Set<number>();
        let latest = 0;
        const open = (): void => {
          const id = sut.open(2, undefined);
          latest = id;
          if (used.has(id) || id < 1 || id > 65_535) throw new Error(`${id} is in use or none`);
          used.add(id);
        };
        const complete = (id: number | undefined): void => {
          if (id === undefined) return;
          sut.receivePubrec(id);
          if (sut.complete(id, 'pubcomp') === undefined) throw new Error(`${id} is unknown`);
          used.delete(id);
        };
        // Long-lived ones first, then round to just before the last identifier.
        for (let i = 0; i < held; i++) open();
        for (let i = held; i < 65_535 - beforeWrap; i++) {
          open();
          complete(latest);
        }
        for (const step of all) {
          for (let i = 0; i < step; i++) open();
          if (step < 4) complete([...used][step * 7]);
        }
        expect(sut.size).toBe(used.size);
      }),
      { numRuns: 3 },
    );
  });

  it('completes QoS 2 in its order only', () => {
    const sut = new Inflight();
    const id = sut.open(2, undefined);
    expect(sut.complete(id, 'puback')).toBeUndefined();
    expect(sut.complete(id, 'pubcomp')).toBeUndefined();
    expect(sut.receivePubrec(id)).toBeDefined();
    expect(sut.receivePubrec(id)).toBeDefined();
    expect(sut.complete(id, 'pubrec')).toBeUndefined();
    expect(sut.complete(id, 'pubcomp')).toBeDefined();
    expect(sut.receivePubrec(id)).toBeUndefined();
  });

  it('takes no PUBREC for a QoS 1 delivery', () => {
    const sut = new Inflight();
    expect(sut.receivePubrec(sut.open(1, undefined))).toBeUndefined();
  });

  it('sends again in the first order, PUBLISH or PUBREL as far as each had come', () => {
    const sut = new Inflight();
    const first = sut.open(1, aDelivery('one'));
    const second = sut.open(2, aDelivery('two'));
    const third = sut.open(2, aDelivery('three'));
    sut.receivePubrec(second);
    sut.beginResend();
    expect(sut.nextResend(10)).toMatchObject({ send: 'publish', packetId: first });
    expect(sut.nextResend(10)).toEqual({ send: 'pubrel', packetId: second });
    expect(sut.nextResend(10)).toMatchObject({ send: 'publish', packetId: third });
    expect(sut.nextResend(10)).toBeUndefined();
  });

  it('keeps a resend within the new quota', () => {
    const sut = new Inflight();
    const first = sut.open(1, aDelivery('one'));
    const second = sut.open(1, aDelivery('two'));
    sut.beginResend();
    expect(sut.nextResend(1)).toMatchObject({ packetId: first });
    expect(sut.nextResend(1)).toBeUndefined();
    sut.complete(first, 'puback');
    expect(sut.nextResend(1)).toMatchObject({ packetId: second });
    expect(sut.used).toBe(1);
  });

  it('does not send again what was acknowledged before its turn', () => {
    const sut = new Inflight();
    const first = sut.open(1, aDelivery('one'));
    sut.beginResend();
    sut.complete(first, 'puback');
    expect(sut.nextResend(1)).toBeUndefined();
    expect(sut.used).toBe(0);
  });
});
