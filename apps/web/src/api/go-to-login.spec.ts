import { safeNextPath } from './go-to-login';

describe(safeNextPath, () => {
  it.each([
    ['/devices/hall?range=7d', '/devices/hall?range=7d'],
    [null, '/'],
    ['https://evil.example/', '/'],
    ['//evil.example/', '/'],
    ['/\\evil.example/', '/'],
    ['/\t/evil.example', '/'],
    ['javascript:alert(1)', '/'],
  ])('answers %p with %p', (next, path) => {
    expect(safeNextPath(next)).toBe(path);
  });
});
