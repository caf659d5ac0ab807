import type { DeviceId } from '@hearth/contracts';
import { DEVICE, NOW } from './fixtures/message.js';
import { SeriesBook } from './series-book.js';

describe(SeriesBook, () => {
  it('finds a loaded series with its newest value', () => {
    const book = new SeriesBook(10);
    const latest = { ts: NOW, value: 21 };
    const saved = { id: 7, deviceId: DEVICE, metric: 'temperature', unit: '°C', latest };
    book.load({ ...saved, kind: 'number' });
    expect(book.find(DEVICE, 'temperature')).toMatchObject({
      id: 7,
      saved: true,
      latestTs: NOW,
      newestTs: NOW,
      latestValue: 21,
    });
  });

  it('does not mistake names of Object.prototype for series or devices', () => {
    const book = new SeriesBook(10);
    expect(book.find('__proto__', 'toString')).toBeUndefined();
    expect(book.find(DEVICE, 'constructor')).toBeUndefined();
    expect(book.list('constructor')).toEqual([]);
  });

  it('gives a new series the unit of the catalogue, else the one that the device declared', () => {
    const book = new SeriesBook(10);
    book.declareUnits(DEVICE, {
      metrics: [{ name: 'temperature', unit: '°F' }, { name: 'soil', unit: 'kPa' }, { name: 'x' }],
    });
    expect(book.create(DEVICE, 'temperature', 'number')?.unit).toBe('°C');
    expect(book.create(DEVICE, 'soil', 'number')?.unit).toBe('kPa');
    expect(book.create(DEVICE, 'x', 'number')?.unit).toBe('');
  });

  it('fills in a unit that was not known, and never changes one that was', () => {
    const book = new SeriesBook(10);
    const soil = book.create(DEVICE, 'soil', 'number')!;
    const depth = book.create(DEVICE, 'depth', 'number')!;
    depth.unit = 'm';
    soil.saved = depth.saved = true;
    book.declareUnits(DEVICE, {
      metrics: [
        { name: 'soil', unit: 'kPa' },
        { name: 'depth', unit: 'fathom' },
      ],
    });
    expect(soil).toMatchObject({ unit: 'kPa', saved: false });
    expect(depth).toMatchObject({ unit: 'm', saved: true, declared: undefined });
  });

  it('forgets a device with all that it declared', () => {
    const book = new SeriesBook(10);
    book.declareUnits(DEVICE, { metrics: [{ name: 'soil', unit: 'kPa' }] });
    book.create(DEVICE, 'soil', 'number');
    book.forget(DEVICE);
    expect(book.find(DEVICE, 'soil')).toBeUndefined();
    expect(book.create(DEVICE, 'soil', 'number')?.unit).toBe('');
  });

  it('counts the limit for each device', () => {
    const book = new SeriesBook(1);
    expect(book.create(DEVICE, 'a', 'number')).toBeDefined();
    expect(book.create(DEVICE, 'b', 'number')).toBeUndefined();
    expect(book.create('cellar' as DeviceId, 'a', 'number')).toBeDefined();
  });

  it('discards only the very series that was made', () => {
    const book = new SeriesBook(10);
    const first = book.create(DEVICE, 'a', 'number')!;
    book.discard(first);
    const second = book.create(DEVICE, 'a', 'text')!;
    book.discard(first);
    expect(book.find(DEVICE, 'a')).toBe(second);
  });
});
