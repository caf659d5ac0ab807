import { LoadAverage } from './load-average.js';

describe(LoadAverage.name, () => {
  it('comes to the rate per minute that goes on', () => {
    const sut = new LoadAverage(1);
    for (let n = 0; n < 200; n++) sut.add(20, 10);
    expect(sut.perMinute).toBeCloseTo(120, 5);
  });

  it('moves by 1 - 1/e of the way within its span', () => {
    const sut = new LoadAverage(5);
    for (let n = 0; n < 30; n++) sut.add(10, 10);
    expect(sut.perMinute).toBeCloseTo(60 * (1 - Math.exp(-1)), 5);
  });

  it('does not depend on how often it is asked', () => {
    const [often, seldom] = [new LoadAverage(15), new LoadAverage(15)];
    for (let n = 0; n < 10; n++) often.add(3, 6);
    seldom.add(30, 60);
    expect(often.perMinute).toBeCloseTo(seldom.perMinute, 5);
  });

  it('fades when nothing happens any more', () => {
    const sut = new LoadAverage(1);
    sut.add(60, 60);
    sut.add(0, 60);
    expect(sut.perMinute).toBeCloseTo(60 * (1 - Math.exp(-1)) * Math.exp(-1), 5);
  });
});
