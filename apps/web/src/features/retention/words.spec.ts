import { forecastWords, keptFor } from './words';

describe(keptFor, () => {
  it.each([
    [null, 'For ever'],
    [30, '30 days'],
    [365, '1 year'],
    [400, '400 days'],
    [731, '2 years'],
    [1_826, '5 years'],
    [3_653, '10 years'],
    [36_525, '100 years'],
  ])('says of %p days: %s', (days, words) => {
    expect(keptFor(days)).toBe(words);
  });
});

describe(forecastWords, () => {
  const forecast = {
    inOneYear: 81_000_000,
    inFiveYears: 400_000_000,
    inTenYears: 1_200_000_000,
    atMost: null,
    growthPerYear: 3_000_000,
  };

  it('says how it goes on growing when something is kept for ever', () => {
    expect(forecastWords(forecast, 4_300, 8_123_456)).toBe(
      'At today’s 4300 readings an hour this home will need about 81\u202fMB in a year and 1.2\u202fGB in ten years; today it takes 8.1\u202fMB. What is kept for ever grows by 3.0\u202fMB a year.',
    );
  });

  it('counts a quiet home by the day', () => {
    expect(forecastWords(forecast, 0.5, 0)).toMatch(/^At today’s 12 readings a day this home/);
  });

  it('says where it ends when nothing is', () => {
    expect(forecastWords({ ...forecast, atMost: 1_300_000_000 }, null, 0)).toBe(
      'At the rate of the last days this home will need about 81\u202fMB in a year and 1.2\u202fGB in ten years; today it takes 0\u202fB. It never gets more than 1.3\u202fGB.',
    );
  });
});
