import * as fc from 'fast-check';
import { decodeMinutes, decodePage, encodeMinutes, encodePage, PageCorrupt } from './page-codec.js';
import { rollUp, TIER_MS } from './roll-up.js';

const DAY = Date.UTC(2026, 10, 25);

const times = fc
  .uniqueArray(fc.integer({ min: 0, max: TIER_MS.day - 1 }), { minLength: 1, maxLength: 200 })
  .map((offsets) => offsets.toSorted((a, b) => a - b).map((offset) => DAY + offset));
const values = fc.oneof(
  fc.constant(fc.double({ noNaN: true })),
  fc.constant(fc.integer({ min: -4_000, max: 15_000 }).map((hundredths) => hundredths / 100)),
  fc.constant(fc.constantFrom(0, 1)),
  fc.constant(fc.constantFrom(0, -0, 1e300, -1e300, 5e-324, 0.1, 2 ** 53, 2 ** 53 - 1, 1 / 3)),
);
const page = fc.tuple(times, values).chain(([ts, value]) =>
  fc.array(value, { minLength: ts.length, maxLength: ts.length }).map((all) => ({
    ts: Float64Array.from(ts),
    values: Float64Array.from(all),
  })),
);

const bits = (numbers: Float64Array): string =>
  Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString('hex');

describe('a page', () => {
  it('gives back every reading to the bit', () => {
    fc.assert(
      fc.property(page, (readings) => {
        const decoded = decodePage(encodePage(readings, DAY), DAY);
        expect(decoded.ts).toEqual(readings.ts);
        expect(bits(decoded.values)).toBe(bits(readings.values));
      }),
      { numRuns: 500 },
    );
  });

  it('takes about a byte for a reading of a slow sensor, and less for a switch', () => {
    const ts = Float64Array.from({ length: 1_440 }, (_, minute) => DAY + minute * 60_000);
    const temperature = ts.map((_, i) => Math.round(210 + 20 * Math.sin(i / 229)) / 10);
    expect(encodePage({ ts, values: temperature }, DAY).length).toBeLessThan(1_440);
    const contact = ts.map((_, i) => Number(i % 300 > 280));
    expect(encodePage({ ts, values: contact }, DAY).length).toBeLessThan(100);
  });

  it('is not read from bytes that are none', () => {
    const good = encodePage({ ts: Float64Array.of(DAY), values: Float64Array.of(1.5) }, DAY);
    expect(() => decodePage(Buffer.alloc(0), DAY)).toThrow(PageCorrupt);
    expect(() => decodePage(Buffer.from([9, 1, 2]), DAY)).toThrow(PageCorrupt);
    expect(() => decodePage(good.subarray(0, -1), DAY)).toThrow(PageCorrupt);
    expect(() => decodePage(Buffer.concat([good, good]), DAY)).toThrow(PageCorrupt);
    const isReadOrRefused = (bytes: Uint8Array): boolean => {
      try {
        return decodePage(bytes, DAY).ts.length > 0;
      } catch (error) {
        return error instanceof PageCorrupt;
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), isReadOrRefused));
  });

  it('takes no memory for readings that its bytes cannot hold', () => {
    // Four million of them, as a varint, and then some bytes.
    const claim = Buffer.from([1, 0x80, 0x92, 0xf4, 0x01, 0, 2, 0, 0, 1, 0]);
    const before = process.memoryUsage().arrayBuffers;
    for (let time = 0; time < 3; time += 1) {
      expect(() => decodePage(claim, DAY)).toThrow(PageCorrupt);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8_000_000);
  });

  it.each([
    ['do not ascend', [1, 2, 2, 1, 1, 0, 0, 0]],
    ['lie before the day', [1, 1, 1, 1, 0, 0]],
    ['lie after the day', [1, 1, 0x80, 0xf0, 0xb2, 0x52, 1, 0, 0]],
  ])('is refused when its times %s', (_, bytes) => {
    expect(() => decodePage(Buffer.from(bytes), DAY)).toThrow(PageCorrupt);
    expect(() => decodePage(Buffer.from(bytes), DAY)).toThrow(/time/);
  });
});

describe('the minutes of a day', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(page, (readings) => {
        const minutes = rollUp(readings.ts, readings.values, TIER_MS.minute);
        expect(decodeMinutes(encodeMinutes(minutes, DAY), DAY)).toEqual(minutes);
      }),
    );
  });
});
