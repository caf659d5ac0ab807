// What a mosquitto.conf says of listeners, with real files: TLS, client certificates, revocation, WebSocket, a socket of the file system; and $SYS.

import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { connectRaw, RawClient, within } from '@hearth/testkit';
import { WebSocket, type ClientOptions } from 'ws';
import { TestAuthority } from '../../support/test-authority.js';
import { freePort, startWithConf, writeIn } from '../support/command.js';
import { afterwards } from '../support/server.js';
import { authority, identity, openTls, openTlsSocket, SERVER_NAME } from '../support/tls.js';
import { overWebSocket } from '../support/websocket.js';

const files = { 'ca.crt': authority.ca, 'server.crt': identity.cert, 'server.key': identity.key };
const alice = authority.issue('alice');
const mallory = authority.issue('mallory');

const overTls = (port: number, more = ''): string =>
  `listener ${port} 127.0.0.1\nallow_anonymous true\n` +
  `cafile ca.crt\ncertfile server.crt\nkeyfile server.key\n${more}`;

/** Ends without a word that MQTT knows. */
async function expectTurnedAway(port: number, by: { cert?: string; key?: string }): Promise<void> {
  const socket = connectTls({
    host: '127.0.0.1',
    port,
    servername: SERVER_NAME,
    ca: authority.ca,
    ...by,
  });
  afterwards(async () => void socket.destroy());
  const received: Buffer[] = [];
  socket.on('error', () => undefined).on('data', (chunk: Buffer) => received.push(chunk));
  // Not `once`, which takes an alert for a failure.
  await within(8000, 'the end', new Promise((resolve) => socket.once('close', resolve)));
  expect(Buffer.concat(received)).toHaveLength(0);
}

async function openWebSocket(url: string, options: ClientOptions = {}): Promise<RawClient> {
  const trust = { ca: authority.ca, servername: SERVER_NAME };
  const socket = new WebSocket(url, ['mqtt'], { ...trust, ...options });
  afterwards(async () => socket.terminate());
  await within(8000, 'the WebSocket handshake', once(socket, 'open'));
  return overWebSocket(socket, { version: 5 });
}

/** Publishes to itself, so that both directions are used. */
async function expectMqtt(client: RawClient, clientId: string): Promise<void> {
  await client.connect({ version: 5, clientId });
  await client.subscribe('a');
  client.sendPublish({ topic: 'a', payload: 'x' });
  await client.take({ topic: 'a', payload: 'x' });
}

const serialOf = (socket: TLSSocket): string => socket.getPeerCertificate().serialNumber;
const hexOf = ({ serial }: { serial: Buffer }): string => serial.toString('hex').toUpperCase();

it('certfile and keyfile: MQTT over TLS', async () => {
  const port = await freePort();
  await startWithConf(overTls(port), files);
  await expectMqtt(await openTls(port), 'c');
});

it('SIGHUP takes new certificates for new connections, and keeps the old ones when the new are broken', async () => {
  const port = await freePort();
  const { command, folder } = await startWithConf(overTls(port), files);
  const before = await openTls(port);
  await before.connect({ version: 5, clientId: 'before' });
  await writeIn(folder, 'server.crt', 'nothing');
  command.signal('SIGHUP');
  await command.printed(/reload: everything stays as it was/);
  expect(serialOf(await openTlsSocket(port))).toBe(hexOf(identity));
  const renewed = authority.issue(SERVER_NAME, { dnsName: SERVER_NAME });
  await writeIn(folder, 'server.crt', renewed.cert);
  await writeIn(folder, 'server.key', renewed.key);
  command.signal('SIGHUP');
  await command.printed(/reloaded/);
  expect(serialOf(await openTlsSocket(port))).toBe(hexOf(renewed));
  await before.roundTrip();
});

it('require_certificate and use_identity_as_username: the certificate says who it is', async () => {
  const port = await freePort();
  const more = 'require_certificate true\nuse_identity_as_username true\nacl_file acl\n';
  const acl = 'user alice\ntopic write from/alice\ntopic read a\n';
  const { command } = await startWithConf(overTls(port, more), { ...files, acl });
  await expectTurnedAway(port, {});
  const { cert, key } = new TestAuthority('Somebody else').issue('alice');
  await expectTurnedAway(port, { cert, key });
  const client = await openTls(port, { cert: alice.cert, key: alice.key });
  // A user name that it sends says nothing.
  await client.connect({ version: 5, clientId: 'c', username: 'root', password: 'x' });
  for (const [topic, reasonCode] of [
    ['from/alice', 0x10],
    ['from/root', 0x87],
  ] as const) {
    client.sendPublish({ topic, qos: 1, packetId: 1 });
    await client.expect('puback', { messageId: 1, reasonCode });
  }
  await command.printed(/connected "c" .*"certificate:alice"/);
});

it('crlfile: who is revoked stays out, also when it is revoked by SIGHUP', async () => {
  const port = await freePort();
  const more = 'require_certificate true\ncrlfile crl.pem\n';
  const { command, folder } = await startWithConf(overTls(port, more), {
    ...files,
    'crl.pem': authority.revoke([mallory]),
  });
  await expectTurnedAway(port, { cert: mallory.cert, key: mallory.key });
  await expectMqtt(await openTls(port, { cert: alice.cert, key: alice.key }), 'alice');
  await writeIn(folder, 'crl.pem', authority.revoke([mallory, alice]));
  command.signal('SIGHUP');
  await command.printed(/reloaded/);
  await expectTurnedAway(port, { cert: alice.cert, key: alice.key });
});

it('protocol websockets, and websockets_origin', async () => {
  const port = await freePort();
  const conf = `listener ${port} 127.0.0.1\nallow_anonymous true\nprotocol websockets\nwebsockets_origin https://home.test\n`;
  await startWithConf(conf);
  const url = `ws://127.0.0.1:${port}/mqtt`;
  await expectMqtt(await openWebSocket(url, { origin: 'https://home.test' }), 'w');
  await expect(openWebSocket(url, { origin: 'https://evil.test' })).rejects.toThrow(/403/);
});

it('protocol websockets with certfile and keyfile', async () => {
  const port = await freePort();
  await startWithConf(overTls(port, 'protocol websockets\n'), files);
  await expectMqtt(await openWebSocket(`wss://127.0.0.1:${port}/mqtt`), 'w');
});

it('listener 0: a socket in the file system', async () => {
  const conf = 'listener 0 broker.sock\nallow_anonymous true\n';
  const { folder } = await startWithConf(conf);
  const socket = connectSocket(join(folder, 'broker.sock'));
  await once(socket, 'connect');
  await expectMqtt(new RawClient(socket, { version: 5 }), 'u');
});

it('sys_interval: $SYS as in Mosquitto, readable unless the ACL file says otherwise', async () => {
  const [open, closed] = [await freePort(), await freePort()];
  const listener = (port: number): string => `listener ${port} 127.0.0.1\nallow_anonymous true\n`;
  await startWithConf(`sys_interval 1\n${listener(open)}`);
  await startWithConf(`sys_interval 1\nacl_file acl\n${listener(closed)}`, { acl: 'topic #\n' });
  const [reader, other] = [await connectRaw({ port: open }), await connectRaw({ port: closed })];
  await reader.subscribe('$SYS/broker/version');
  await reader.expect('publish', { topic: '$SYS/broker/version', retain: true });
  await other.subscribe('$SYS/#');
  await other.expectNothing();
});
