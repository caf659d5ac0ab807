import { convert, findConversion } from './units.js';

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
  expect(findConversion('mW', 'W')?.factor).toBe(0.001);
  expect(findConversion('MW', 'W')?.factor).toBe(1_000_000);
});
