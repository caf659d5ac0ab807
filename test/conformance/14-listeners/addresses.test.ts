// On which addresses a listener can be reached.
import { networkInterfaces } from 'node:os';
import { connectRaw } from '@hearth/testkit';
import type { TcpListenerOptions } from '@hearth/mqtt-broker';
import { startServer } from '../support/server.js';

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

/** Tries to connect to a listener, and answers what came of it and what address the broker saw. */
async function reach(host: string, where: Partial<TcpListenerOptions>): Promise<string> {
  const server = await startServer({
    listeners: [{ transport: 'tcp', port: 0, name: 'x', ...where }],
  });
  const port = server.broker.addresses.find(({ name }) => name === 'x')?.port ?? 0;
  try {
    await connectRaw({ host, port }, { clientId: 'c' });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
  return server.broker.clients()[0]?.address ?? 'nobody';
}

it('0.0.0.0 is IPv4', async () => {
  expect(await reach('127.0.0.1', { host: '0.0.0.0' })).toBe('127.0.0.1');
});

(hasIpv6 ? describe : describe.skip)('with IPv6', () => {
  it.each([
    ['0.0.0.0', '::1', { host: '0.0.0.0' }, 'ECONNREFUSED'],
    ['all interfaces', '127.0.0.1', {}, '127.0.0.1'],
    ['all interfaces', '::1', {}, '::1'],
    [':: and ipv6Only', '::1', { host: '::', ipv6Only: true }, '::1'],
    [':: and ipv6Only', '127.0.0.1', { host: '::', ipv6Only: true }, 'ECONNREFUSED'],
  ])('%s, reached at %s', async (_name, host, where, outcome) => {
    expect(await reach(host, where)).toBe(outcome);
  });
});
