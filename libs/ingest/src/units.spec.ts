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
    [21, '°C', '°C', 21],
  ])('converts %d %s to %s', (value, from, to, expected) => {
    expect(convert(value, findConversion(from, to)!)).toBeCloseTo(expected, 3);
  });

  it.each([
    ['hPa', '°C'],
    ['', '°C'],
    ['constructor', '°C'],
    ['°F', 'constructor'],
  ])('knows no way from %s to %s', (from, to) => {
    expect(findConversion(from, to)).toBeUndefined();
  });
});
