import { createFormat } from './format';
import { formatNumber, formatQuantity, metricLabel } from './quantity';
import { createHomeTime, formatAge, formatDuration } from './time';

describe(formatQuantity, () => {
  it.each([
    ['temperature', 21.44, '°C', '21.4', '°C'],
    ['temperature', -0.04, '°C', '0.0', '°C'],
    ['temperature', -3.25, '°C', '\u22123.3', '°C'],
    ['humidity', 40.6, '%', '41', '%'],
    ['co2', 812.4, 'ppm', '812', 'ppm'],
    ['power', 999.4, 'W', '999', 'W'],
    ['power', 1_234, 'W', '1.23', 'kW'],
    ['power', -12_345, 'W', '\u221212.3', 'kW'],
    ['energy', 12.345, 'kWh', '12.35', 'kWh'],
    ['energy', 2_345.67, 'kWh', '2346', 'kWh'],
    ['energy', 23_456.7, 'kWh', '23.46', 'MWh'],
    ['soil_moisture', 0.4567, '', '0.46', ''],
    ['ticks', 1234, '', '1234', ''],
  ])('writes %s %f %s as %s %s', (metric, value, unit, text, shownUnit) => {
    expect(formatQuantity(metric, value, unit, 'metric')).toEqual({ text, unit: shownUnit });
  });

  it.each([
    ['temperature', 21.5, '°C', '70.7', '°F'],
    ['pressure', 1013.25, 'hPa', '29.92', 'inHg'],
    ['humidity', 40, '%', '40', '%'],
  ])('writes %s %f %s in imperial units as %s %s', (metric, value, unit, text, shownUnit) => {
    expect(formatQuantity(metric, value, unit, 'imperial')).toEqual({ text, unit: shownUnit });
  });
});

describe(formatNumber, () => {
  it('groups from five digits on', () => {
    expect([formatNumber(9_999, 0), formatNumber(12_345_678.9, 1)]).toEqual([
      '9999',
      '12\u202f345\u202f678.9',
    ]);
  });
});

describe(metricLabel, () => {
  it.each([
    ['co2', 'CO₂'],
    ['soil_moisture', 'Soil moisture'],
    ['pm25', 'Pm25'],
    ['waterTemp', 'Water temp'],
    ['__proto__', 'Proto'],
  ])('calls %s %s', (metric, label) => {
    expect(metricLabel(metric)).toBe(label);
  });
});

describe(formatAge, () => {
  it.each([
    [-5_000, 'just now'],
    [9_000, 'just now'],
    [40_000, '40\u202fs ago'],
    [8 * 60_000 + 5_000, '8\u202fmin ago'],
    [3.9 * 3_600_000, '3\u202fh ago'],
    [86_400_000, '1\u202fday ago'],
    [5.5 * 86_400_000, '5\u202fdays ago'],
  ])('says %i ms as %s', (age, words) => {
    expect(formatAge(age)).toBe(words);
  });
});

describe(formatDuration, () => {
  it.each([
    [0, '0\u202fs'],
    [72_000, '1\u202fmin 12\u202fs'],
    [12 * 60_000 + 30_000, '12\u202fmin'],
    [3 * 3_600_000 + 12 * 60_000, '3\u202fh 12\u202fmin'],
    [26 * 3_600_000, '1\u202fday 2\u202fh'],
  ])('says %i ms as %s', (duration, words) => {
    expect(formatDuration(duration)).toBe(words);
  });
});

describe(createHomeTime, () => {
  const winter = Date.UTC(2026, 0, 15, 23, 30);

  it('tells the time of the home, whatever the zone of the browser', () => {
    expect(createHomeTime('Europe/Berlin', false).clock(winter)).toBe('00:30');
    expect(createHomeTime('America/New_York', true).clock(winter)).toBe('6:30 PM');
  });

  it('follows the change to summer time', () => {
    const time = createHomeTime('Europe/Berlin', false);
    const before = Date.UTC(2026, 2, 29, 0, 59);
    expect([time.clock(before), time.clock(before + 60_000)]).toEqual(['01:59', '03:00']);
  });

  it('adds the day only when it is another one', () => {
    const time = createHomeTime('Europe/Berlin', false);
    expect(time.moment(winter, winter + 3_600_000)).toBe('00:30');
    expect(time.moment(winter, winter + 86_400_000)).toBe('Fri 16 Jan 00:30');
    expect(time.moment(winter, winter + 400 * 86_400_000)).toBe('16 Jan 2026 00:30');
  });
});

describe(createFormat, () => {
  const format = createFormat({ timeZone: 'Europe/Berlin', units: 'metric' });
  const contact = { metric: 'contact', unit: '', kind: 'boolean' } as const;

  it('says booleans in the words of the catalogue', () => {
    expect(format.reading(contact, 1)).toEqual({ text: 'open', unit: '' });
    expect(format.reading({ ...contact, metric: 'pump' }, 0)).toEqual({ text: 'off', unit: '' });
  });

  it('shows a dash, never zero, for a series without readings', () => {
    expect(format.latest({ id: 1, ...contact, latest: null }).text).toBe('–');
    expect(format.celsius(null).text).toBe('–');
  });
});
