import { ReasonCode } from '../codec/reason-codes.js';
import { AcceptRefused } from '../errors.js';
import { AckQueue, reasonOf } from './ack-queue.js';

function recording(): { sut: AckQueue; acks: string[]; progress: () => number } {
  const acks: string[] = [];
  let progress = 0;
  const sut = new AckQueue(
    (qos, packetId, reasonCode) => acks.push(`${qos}:${packetId}:${reasonCode}`),
    () => progress++,
    () => 0,
  );
  return { sut, acks, progress: () => progress };
}

function deferred(): { promise: Promise<void>; resolve: () => void; reject: (e: unknown) => void } {
  let resolve = (): void => {};
  let reject = (_error: unknown): void => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe(AckQueue.name, () => {
  it('acknowledges at once what is accepted at once', () => {
    const { sut, acks } = recording();
    sut.add(1, 7, 10, undefined);
    expect(acks).toEqual(['1:7:0']);
    expect(sut.pending).toBe(0);
  });

  it('keeps the order of receipt when a later acceptance settles first', async () => {
    const { sut, acks } = recording();
    const [first, second] = [deferred(), deferred()];
    sut.add(1, 1, 10, first.promise);
    sut.add(2, 2, 10, second.promise);
    sut.add(1, 3, 10, undefined);
    second.resolve();
    await settled();
    expect(acks).toEqual([]);
    expect(sut.pending).toBe(3);
    expect(sut.pendingQos1).toBe(2);
    first.resolve();
    await settled();
    expect(acks).toEqual(['1:1:0', '2:2:0', '1:3:0']);
    expect(sut.pending).toBe(0);
    expect(sut.pendingBytes).toBe(0);
  });

  it('settles a batch together', async () => {
    const { sut, acks, progress } = recording();
    const { promise, resolve } = deferred();
    for (let packetId = 1; packetId <= 3; packetId++) sut.add(1, packetId, 10, promise);
    expect(sut.pendingBytes).toBe(30);
    resolve();
    await settled();
    expect(acks).toEqual(['1:1:0', '1:2:0', '1:3:0']);
    expect(progress()).toBe(1);
  });

  it('acknowledges a refusal with its reason, and goes on', async () => {
    const { sut, acks } = recording();
    const { promise, reject } = deferred();
    sut.add(1, 1, 10, promise);
    sut.add(1, 2, 10, undefined);
    reject(new AcceptRefused(0x97));
    await settled();
    expect(acks).toEqual(['1:1:151', '1:2:0']);
  });

  it('keeps a known reason in turn', async () => {
    const { sut, acks } = recording();
    const { promise, resolve } = deferred();
    sut.add(1, 1, 10, promise);
    sut.addSettled(1, 2, 0x87);
    resolve();
    await settled();
    expect(acks).toEqual(['1:1:0', '1:2:135']);
  });
});

describe(reasonOf.name, () => {
  it.each([
    [new AcceptRefused(0x99), 0x99],
    [new AcceptRefused(0x00), ReasonCode.implementationSpecificError],
    [new Error('x'), ReasonCode.implementationSpecificError],
    [undefined, ReasonCode.implementationSpecificError],
  ])('of %s is %i', (error, expected) => {
    expect(reasonOf(error)).toBe(expected);
  });
});
