// maxConnectionsPerAddress, maxFailedLoginsPerAddress: what one address may ask for, whoever its clients say they are.
import { connect, FakeClock } from '@hearth/testkit';
import { startServer, type TestServer } from '../support/server.js';
import { openWebSocket, overWebSocket } from '../support/websocket.js';

describe('maxConnectionsPerAddress', () => {
  it('closes one connection more at once, over TCP and WebSocket together', async () => {
    const server = await startServer({
      websocketPath: '/mqtt',
      limits: { maxConnectionsPerAddress: 2 },
    });
    const first = await server.connect();
    await overWebSocket(await openWebSocket(server)).connect();
    const third = await server.open();
    await third.expectClosed();
    expect(server.heard('refused')).toMatchObject([{ address: '127.0.0.1', reasonCode: 0x97 }]);
    await expect(openWebSocket(server)).rejects.toThrow(/hang up|ECONNRESET/);
    const gone = server.next('disconnected');
    await first.disconnect();
    await gone;
    // The socket's own end follows the protocol's.
    for (;;) {
      const again = await server.open();
      again.send(connect({ clientId: 'again' }));
      if ((await again.expectAnyOrEnd()) !== undefined) break;
    }
  });
});

describe('maxFailedLoginsPerAddress', () => {
  const guess = async (server: TestServer, password: string): Promise<number | undefined> => {
    const client = await server.open();
    client.send(connect({ clientId: 'c', username: 'u', password }));
    const answer = await client.expectAnyOrEnd();
    if (answer?.cmd === 'connack' && answer.reasonCode === 0) client.cut();
    else if (answer !== undefined) await client.expectClosed();
    return answer?.cmd === 'connack' ? answer.reasonCode : undefined;
  };

  it('closes the connections of an address that guesses, and lets it in again later', async () => {
    const clock = new FakeClock();
    const server = await startServer({
      clock,
      limits: { maxFailedLoginsPerAddress: 3 },
      grants: { u: { password: 'right' } },
    });
    for (let i = 0; i < 3; i++) expect(await guess(server, `wrong ${i}`)).toBe(0x86);
    expect(await guess(server, 'right')).toBeUndefined();
    clock.advance(20_000);
    expect(await guess(server, 'right')).toBe(0);
  });

  it('is off by default: a home behind one router fails together', async () => {
    const server = await startServer({ grants: { u: { password: 'right' } } });
    for (let i = 0; i < 50; i++) expect(await guess(server, 'wrong')).toBe(0x86);
    expect(await guess(server, 'right')).toBe(0);
  });
});
