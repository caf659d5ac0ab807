import * as fc from 'fast-check';
import { ProtocolError } from '../errors.js';
import { Framer } from './framer.js';

function framesOf(chunks: Buffer[], maxPacketBytes = 1_000_000): string[] {
  const framer = new Framer(maxPacketBytes);
  framer.connected = true;
  const frames: string[] = [];
  for (const chunk of chunks) {
    framer.push(chunk);
    while (framer.next()) {
      const body = framer.buffer.toString('hex', framer.bodyStart, framer.end);
      frames.push(`${framer.buffer.toString('hex', framer.start, framer.bodyStart)}|${body}`);
    }
  }
  return frames;
}

function frame(first: number, body: Uint8Array): Buffer {
  const length: number[] = [];
  let rest = body.length;
  do {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return Buffer.concat([Buffer.from([first, ...length]), body]);
}

const bodies = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 6 });

describe(Framer.name, () => {
  it('gives equal frames for every way of cutting the bytes', () => {
    fc.assert(
      fc.property(bodies, fc.array(fc.nat(2000), { maxLength: 20 }), (all, cuts) => {
        const stream = Buffer.concat(all.map((body) => frame(0x30, body)));
        const at = [...new Set(cuts.map((cut) => cut % (stream.length + 1)))].sort((a, b) => a - b);
        const chunks = [0, ...at].map((from, i) => stream.subarray(from, at[i] ?? stream.length));
        expect(framesOf(chunks)).toEqual(framesOf([stream]));
        expect(framesOf([stream])).toHaveLength(all.length);
      }),
    );
  });

  it('gives equal frames byte by byte', () => {
    const stream = Buffer.concat([frame(0x10, Buffer.alloc(200, 1)), frame(0xc0, Buffer.alloc(0))]);
    const bytes = Array.from(stream, (byte) => Buffer.from([byte]));
    expect(framesOf(bytes)).toEqual(framesOf([stream]));
  });

  it('uses a frame that lies whole in its chunk in place', () => {
    const framer = new Framer(100);
    const chunk = frame(0x10, Buffer.from('abc'));
    framer.push(chunk);
    expect(framer.next()).toBe(true);
    expect(framer.buffer).toBe(chunk);
  });

  it('refuses a declared length over the limit at once, holding nothing', () => {
    expect(() => framesOf([Buffer.from([0x30, 0x80, 0x80, 0x80, 0x7d])], 1000)).toThrow(
      'packet has 262144005 bytes, limit is 1000',
    );
  });

  it('counts the fixed header against the limit', () => {
    expect(framesOf([frame(0x30, Buffer.alloc(98))], 100)).toHaveLength(1);
    expect(() => framesOf([frame(0x30, Buffer.alloc(99))], 100)).toThrow(ProtocolError);
  });

  it.each([
    ['five bytes', [0x30, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['four bytes that all go on', [0x30, 0xff, 0xff, 0xff, 0xff]],
    ['a longer form than needed', [0x30, 0x80, 0x00]],
  ])('refuses a remaining length of %s', (_name, bytes) => {
    expect(() => framesOf([Buffer.from(bytes)])).toThrow(ProtocolError);
  });

  it('refuses a first packet that is no CONNECT by its first byte', () => {
    const framer = new Framer(100);
    framer.push(Buffer.from([0x30]));
    expect(() => framer.next()).toThrow('the first packet is no CONNECT');
  });

  it('goes on where it stopped when a chunk arrives before the last one was finished', () => {
    const framer = new Framer(100);
    framer.push(Buffer.concat([frame(0x10, Buffer.from('a')), frame(0x10, Buffer.from('b'))]));
    expect(framer.next()).toBe(true);
    framer.push(frame(0x10, Buffer.from('c')));
    const rest: string[] = [];
    while (framer.next()) rest.push(framer.buffer.toString('utf8', framer.bodyStart, framer.end));
    expect(rest).toEqual(['b', 'c']);
  });
});
