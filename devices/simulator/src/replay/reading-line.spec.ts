import { parseReadingLine } from './reading-line.js';

describe(parseReadingLine.name, () => {
  it.each([
    ['1489017527\t19.21', 1_489_017_527_000, 19.21],
    ['1489017527\t-3', 1_489_017_527_000, -3],
    ['1489017527\t+.5', 1_489_017_527_000, 0.5],
    ['1489017527.25\t1.', 1_489_017_527_250, 1],
    ['1489017527\t1e3\r', 1_489_017_527_000, 1_000],
  ])('reads %j', (line, ts, value) => {
    expect(parseReadingLine(line)).toEqual({ ts, value });
  });

  it.each([
    ['1489017527 19.21', /a time, a TAB and a value/],
    ['1489017527\t19\t20', /a time, a TAB and a value/],
    ['yesterday\t19', /time "yesterday" is not a number/],
    ['1489017527\t', /a time, a TAB and a value/],
    ['1489017527\tNaN', /value "NaN" is not a number/],
    ['1489017527\t0x10', /value "0x10" is not a number/],
    ['1489017527\t1e400', /too large/],
    ['1489017527000\t19', /not in seconds since 1970/],
    ['12\t19', /not in seconds since 1970/],
  ])('refuses %j in words', (line, why) => {
    expect(parseReadingLine(line)).toMatch(why);
  });
});
