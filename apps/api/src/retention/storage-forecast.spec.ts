import { DEFAULT_RETENTION } from '@hearth/contracts';
import { bytesBefore, forecast, type StoredPart } from './storage-forecast.js';

const FOR_EVER = { ...DEFAULT_RETENTION, fullDetailDays: null, hourlyDays: null };
const aPart = (more: Partial<StoredPart> = {}): StoredPart => ({
  setting: 'fullDetailDays',
  bytes: 0,
  ageDays: 0,
  bytesPerDay: 100,
  mostDays: Infinity,
  ...more,
});

describe(forecast, () => {
  it('adds what is kept for ever to what is there', () => {
    const parts = [aPart({ bytes: 5_000, ageDays: 50 })];
    expect(forecast(parts, FOR_EVER)).toEqual({
      inOneYear: 5_000 + 36_525,
      inFiveYears: 5_000 + 5 * 36_525,
      inTenYears: 5_000 + 10 * 36_525,
      atMost: null,
      growthPerYear: 36_525,
    });
  });

  it('stays at what fits into the time that is kept', () => {
    const settings = { ...FOR_EVER, fullDetailDays: 30 };
    const { inOneYear, inTenYears, atMost, growthPerYear } = forecast(
      [aPart({ bytes: 9_000, ageDays: 90 })],
      settings,
    );
    expect([inOneYear, inTenYears, atMost, growthPerYear]).toEqual([3_000, 3_000, 3_000, 0]);
  });

  it('lets what is there go as it gets too old', () => {
    const settings = { ...FOR_EVER, fullDetailDays: 2 * 365.25 };
    const parts = [aPart({ bytes: 73_050, ageDays: 2 * 365.25, bytesPerDay: 0 })];
    expect(forecast(parts, settings)).toMatchObject({ inOneYear: 36_525, inFiveYears: 0 });
  });

  it('counts a form that lasts some days for these days', () => {
    const parts = [aPart({ bytes: 800, ageDays: 8, mostDays: 8 })];
    expect(forecast(parts, FOR_EVER)).toMatchObject({ inTenYears: 800, atMost: 800 });
  });

  it('goes by the setting of each part', () => {
    const parts = [aPart(), aPart({ setting: 'hourlyDays', bytesPerDay: 1 })];
    const { inTenYears, growthPerYear } = forecast(parts, { ...FOR_EVER, fullDetailDays: 100 });
    expect(inTenYears).toBe(10_000 + 3_652.5);
    expect(growthPerYear).toBe(365.25);
  });

  it('is nothing for a home that has nothing', () => {
    expect(forecast([aPart({ bytesPerDay: 0 })], FOR_EVER)).toMatchObject({
      inTenYears: 0,
      atMost: 0,
    });
  });
});

describe(bytesBefore, () => {
  it.each([
    [0, 1_000],
    [25, 750],
    [100, 0],
    [200, 0],
    [Infinity, 0],
  ])('of a hundred days, %d days ago and before', (daysAgo, bytes) => {
    expect(bytesBefore(aPart({ bytes: 1_000, ageDays: 100 }), daysAgo)).toBe(bytes);
  });
});
