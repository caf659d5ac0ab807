import { isForeignRequest } from './cross-origin.js';

describe('isForeignRequest', () => {
  it.each([
    ['POST', { origin: 'http://hearth.local:3000' }, false],
    ['POST', { origin: 'http://HEARTH.local:3000' }, false],
    ['POST', { origin: 'https://home.example' }, false],
    ['POST', { origin: 'http://evil.example' }, true],
    ['POST', { origin: 'http://hearth.local:3001' }, true],
    ['POST', { origin: 'null' }, true],
    ['POST', { origin: 'http://hearth.local:3000.evil.example' }, true],
    ['POST', { 'sec-fetch-site': 'same-origin', origin: 'http://hearth.local:3000' }, false],
    ['POST', { 'sec-fetch-site': 'none' }, false],
    ['POST', { 'sec-fetch-site': 'same-site', origin: 'http://hearth.local:3000' }, true],
    ['DELETE', { 'sec-fetch-site': 'cross-site' }, true],
    ['PATCH', { origin: 'http://evil.example' }, true],
    ['GET', { 'sec-fetch-site': 'cross-site' }, false],
    ['POST', {}, false],
  ])('%s with %o: %s', (method, headers, expected) => {
    expect(
      isForeignRequest({ method, hosts: ['hearth.local:3000', 'home.example'], headers }),
    ).toBe(expected);
  });
});
