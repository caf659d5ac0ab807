import { apiUrl } from './simulator-command.js';

describe('apiUrl', () => {
  it.each([
    [{ address: '127.0.0.1', family: 'IPv4', port: 3001 }, 'http://127.0.0.1:3001'],
    [{ address: '0.0.0.0', family: 'IPv4', port: 3001 }, 'http://127.0.0.1:3001'],
    [{ address: '::', family: 'IPv6', port: 3001 }, 'http://127.0.0.1:3001'],
    [{ address: '::1', family: 'IPv6', port: 80 }, 'http://[::1]:80'],
    [{ address: '192.168.1.5', family: 'IPv4', port: 3001 }, 'http://192.168.1.5:3001'],
  ])('of %j is %s', (address, url) => {
    expect(apiUrl(address)).toBe(url);
  });
});
