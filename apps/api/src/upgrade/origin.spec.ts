import { isForeignOrigin } from './origin.js';

const publicUrl = 'https://hearth.example';

describe('isForeignOrigin', () => {
  it.each([
    [{ host: 'localhost:3001' }, false],
    [{ host: 'localhost:3000', origin: 'http://localhost:3000' }, false],
    [{ host: 'LOCALHOST:3000', origin: 'http://localhost:3000' }, false],
    [{ host: 'localhost:3001', origin: 'http://localhost:3000' }, true],
    [
      {
        host: 'localhost:3001',
        'x-forwarded-host': 'localhost:3000',
        origin: 'http://localhost:3000',
      },
      false,
    ],
    [{ host: 'api:3001', origin: 'https://hearth.example' }, false],
    [{ host: 'localhost:3000', origin: 'https://evil.example' }, true],
    [{ host: 'localhost:3000', origin: 'http://localhost:3000.evil.example' }, true],
    [{ host: 'localhost:3000', origin: 'null' }, true],
    [{ host: 'localhost:3000', origin: '' }, true],
    [{ origin: 'https://evil.example' }, true],
  ])('%j: %s', (headers, expected) => {
    expect(isForeignOrigin(headers, publicUrl)).toBe(expected);
  });
});
