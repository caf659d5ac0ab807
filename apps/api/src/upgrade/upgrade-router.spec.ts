import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { HttpAdapterHost } from '@nestjs/core';
import { UpgradeRouter } from './upgrade-router.js';

const request = (url: string) => ({ url }) as IncomingMessage;

describe('UpgradeRouter', () => {
  it('hands a path to its handler, whatever the query', () => {
    const sut = new UpgradeRouter(new HttpAdapterHost());
    const handled: string[] = [];
    sut.add('/live', () => handled.push('live'));
    sut.add('/mqtt', () => handled.push('mqtt'));
    sut.route(request('/mqtt?token=1'), new PassThrough(), Buffer.alloc(0));
    sut.route(request('/live'), new PassThrough(), Buffer.alloc(0));
    expect(handled).toEqual(['mqtt', 'live']);
  });

  it.each(['/', '/other', '/live/', '//live', '/__proto__', ''])(
    'refuses the path %j',
    async (url) => {
      const sut = new UpgradeRouter(new HttpAdapterHost());
      sut.add('/live', () => {});
      const socket = new PassThrough();
      sut.route(request(url), socket, Buffer.alloc(0));
      const [answer] = (await socket.toArray()) as Buffer[];
      expect(String(answer)).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
    },
  );

  it('outlives a socket that breaks before anybody listens', () => {
    const sut = new UpgradeRouter(new HttpAdapterHost());
    sut.add('/live', () => {});
    const socket = new PassThrough();
    sut.route(request('/live'), socket, Buffer.alloc(0));
    socket.emit('error', new Error('ECONNRESET'));
    expect(socket.destroyed).toBe(true);
  });
});
