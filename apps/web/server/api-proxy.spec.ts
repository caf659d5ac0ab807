import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { createApiProxy, isApiRequest, isApiWebSocket } from './api-proxy.js';

const listen = (server: Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

describe(isApiRequest, () => {
  it.each([
    ['/api', true],
    ['/api/health?x=1', true],
    ['/apiary', false],
    ['/', false],
    ['http://elsewhere/api/x', false],
    [undefined, false],
  ])('judges %p as %p', (target, expected) => {
    expect(isApiRequest(target)).toBe(expected);
  });
});

describe(isApiWebSocket, () => {
  it.each([
    ['/live', true],
    ['/mqtt?x=1', true],
    ['/live/more', false],
    ['/api/live', false],
  ])('judges %p as %p', (target, expected) => {
    expect(isApiWebSocket(target)).toBe(expected);
  });
});

describe(createApiProxy, () => {
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  /** A front door before `api`; `api` undefined is one that nobody listens at. */
  async function aFrontDoor(api?: (request: IncomingMessage) => object) {
    const backend = createServer((request, response) => {
      response.setHeader('Set-Cookie', 'session=1; HttpOnly');
      response.end(JSON.stringify(api?.(request) ?? {}));
    });
    const apiPort = await listen(backend);
    if (api === undefined) await new Promise((resolve) => backend.close(resolve));
    else servers.push(backend);
    const proxy = createApiProxy({ apiUrl: new URL(`http://127.0.0.1:${apiPort}`) });
    const front = createServer((request, response) => void proxy.http(request, response));
    front.on(
      'upgrade',
      (request, socket, head) => void proxy.webSocket(request, socket as never, head),
    );
    servers.push(front);
    front.on('close', () => proxy.close());
    return { backend, port: await listen(front) };
  }

  it('hands a request on and says who asked', async () => {
    const { port } = await aFrontDoor(({ url, headers }) => ({
      url,
      from: headers['x-forwarded-for'],
      host: headers.host,
    }));
    const response = await fetch(`http://127.0.0.1:${port}/api/me?x=1`);
    expect(response.headers.get('set-cookie')).toBe('session=1; HttpOnly');
    expect(await response.json()).toEqual({
      url: '/api/me?x=1',
      from: '127.0.0.1',
      host: `127.0.0.1:${port}`,
    });
  });

  it('answers a problem while the api is away', async () => {
    const { port } = await aFrontDoor();
    const response = await fetch(`http://127.0.0.1:${port}/api/me`);
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 503, code: 'api-unreachable' });
  });

  it('refuses a WebSocket while the api is away', async () => {
    const { port } = await aFrontDoor();
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(
          'GET /live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
        );
      });
      socket.once('data', (chunk) => {
        socket.destroy();
        resolve(chunk.toString());
      });
    });
    expect(answer).toContain('503');
  });

  it('carries a WebSocket both ways', async () => {
    const { backend, port } = await aFrontDoor(() => ({}));
    backend.on('upgrade', (request, socket) => {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      );
      socket.pipe(socket);
      socket.write(`from ${request.headers['x-forwarded-for'] as string};`);
    });
    const received = await new Promise<string>((resolve) => {
      let all = '';
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(
          'GET /live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
        );
      });
      socket.on('data', (chunk) => {
        if (!all.includes('from') && chunk.includes('from')) socket.write('ping');
        all += chunk.toString();
        if (all.endsWith('ping')) {
          socket.destroy();
          resolve(all);
        }
      });
    });
    expect(received).toContain('from 127.0.0.1;ping');
  });
});
