import type { IncomingMessage } from 'node:http';
import { distrustForwardedHeaders } from './api-proxy.js';
import { parseEnvironment } from './env.js';
import { contentSecurityPolicy } from './security-headers.js';

const aRequest = (remoteAddress: string) =>
  ({
    socket: { remoteAddress },
    headers: { 'x-forwarded-for': '1.2.3.4', 'x-real-ip': '1.2.3.4', cookie: 'a=b' },
  }) as unknown as IncomingMessage;

describe(distrustForwardedHeaders, () => {
  it('does not let a client say who it is', () => {
    const request = aRequest('192.168.1.7');
    distrustForwardedHeaders(request);
    expect(request.headers).toEqual({ cookie: 'a=b' });
  });

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])(
    'believes a proxy on this machine (%s)',
    (from) => {
      const request = aRequest(from);
      distrustForwardedHeaders(request);
      expect(request.headers['x-forwarded-for']).toBe('1.2.3.4');
    },
  );
});

describe(parseEnvironment, () => {
  it('has a default for everything', () => {
    expect(parseEnvironment({ HEARTH_PORT: '' })).toEqual({
      port: 3000,
      host: '0.0.0.0',
      apiUrl: new URL('http://127.0.0.1:3001'),
    });
  });

  it('names every bad variable', () => {
    const parse = () =>
      parseEnvironment({ HEARTH_PORT: '70000', HEARTH_API_URL: 'localhost:3001' });
    expect(parse).toThrow(/HEARTH_PORT: .*\n.*HEARTH_API_URL: /);
  });
});

describe(contentSecurityPolicy, () => {
  it('lets nothing in but this origin', () => {
    const policy = contentSecurityPolicy('abc');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|\*|script-src[^;]*unsafe/);
  });
});
