import { ToldSeldom } from './told-seldom.js';

describe(ToldSeldom, () => {
  it('tells the same again only after ten minutes, and what is new at once', () => {
    const told: [number, string][] = [];
    let minute = 0;
    const sut = new ToldSeldom(
      (message) => void told.push([minute, message]),
      () => minute * 60_000,
    );
    for (; minute < 25; minute += 1) sut.tell(minute === 3 ? 'ports' : 'disk');
    sut.forget();
    sut.tell('disk');
    expect(told).toEqual([
      [0, 'disk'],
      [3, 'ports'],
      [4, 'disk'],
      [14, 'disk'],
      [24, 'disk'],
      [25, 'disk'],
    ]);
  });
});
