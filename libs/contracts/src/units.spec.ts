import { convert, findConversion, scaleBy } from './units.js';

describe(findConversion, () => {
  it.each([
    [32, '°F', '°C', 0],
    [-40, 'F', '°C', -40],
    [0, 'K', '°C', -273.15],
    [1, 'kPa', 'hPa', 10],
    [29.92, 'inHg', 'hPa', 1_013.207_5],
    [760, 'mmHg', 'hPa', 1_013.250_1],
    [3.6, 'MJ', 'kWh', 1],
    [2, 'MWh', 'kWh', 2_000],
    [1_500, 'mV', 'V', 1.5],
    [850, 'ppb', 'ppm', 0.85],
    [1_500, 'Wh', 'kWh', 1.5],
    [1, 'Mcal', 'kWh', 1.162_222],
    [14.696, 'psi', 'hPa', 1_013.253_5],
    [212, 'ºF', '°C', 100],
    [2, 'min', 's', 120],
    [1_000, 'BTU/h', 'W', 293.071_1],
    [21, '°C', '°C', 21],
    [2, 'kWh', 'Wh', 2_000],
    [20, '°C', '°F', 68],
    [273.15, 'K', 'F', 32],
    [5, 'fathom', 'fathom', 5],
  ])('converts %d %s to %s', (value, from, to, expected) => {
    expect(convert(value, findConversion(from, to)!)).toBeCloseTo(expected, 3);
  });

  it.each([
    ['hPa', '°C'],
    ['W', 'kWh'],
    ['fathom', 'm'],
    ['', '°C'],
    ['constructor', '°C'],
    ['°F', 'constructor'],
  ])('knows no way from %s to %s', (from, to) => {
    expect(findConversion(from, to)).toBeUndefined();
  });
});

it('tells milli from mega', () => {
  expect(convert(1_500, findConversion('mW', 'W')!)).toBe(1.5);
  expect(convert(1.5, findConversion('MW', 'W')!)).toBe(1_500_000);
});

describe(convert, () => {
  it.each([
    [9, 'Wh', 'kWh', 0.009],
    [26, 'mV', 'V', 0.026],
    [57, 'Pa', 'hPa', 0.57],
    [15, 'mWh', 'kWh', 0.000_015],
    [11, 'MJ', 'kWh', 55 / 18],
    [9, 'J', 'kWh', 0.000_002_5],
    [295.37, 'K', '°C', 22.22],
    [0.05, 'K', '°C', -273.1],
    [-35.5, '°F', '°C', -37.5],
    [212, '°F', '°C', 100],
    [37, '°C', '°F', 98.6],
    [9, 'Wh', 'MWh', 0.000_009],
  ])('makes of %d %s the decimal in %s that a person would write', (value, from, to, expected) => {
    expect(convert(value, findConversion(from, to)!)).toBe(expected);
  });

  it('keeps the value that has no decimals to lose', () => {
    expect(convert(1e300, findConversion('K', '°C')!)).toBe(1e300);
    expect(convert(5e-324, findConversion('K', '°C')!)).toBe(-273.15);
  });
});

describe(scaleBy, () => {
  it.each([
    [3, 0.1, 0, 0.3],
    [613, 0.1, -40, 21.3],
    [7, 0.3, 0, 2.1],
    [-5, -0.01, 0, 0.05],
    [2, 1 / 3, 0, 2 / 3],
    [4, 1e-9, 0, 4e-9],
    [3, 1e21, 0, 3e21],
    [1_000.1, 1, -1_000, 0.1],
  ])('makes of %d times %d and %d %d', (value, scale, offset, expected) => {
    expect(convert(value, scaleBy(scale, offset))).toBe(expected);
  });
});
