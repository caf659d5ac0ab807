// A client of others that knows nothing of our assumptions, over every transport that it speaks.
import { within } from '@hearth/testkit';
import { connectAsync, type IClientOptions } from 'mqtt';
import { afterwards, startServer } from '../support/server.js';
import { authority, identity, overTls, portOf, SERVER_NAME } from '../support/tls.js';

const { cert, key } = authority.issue('device');
const tls = {
  key: identity.key,
  cert: identity.cert,
  requestCertificate: 'required',
  ca: authority.ca,
} as const;
const trust = { ca: authority.ca, servername: SERVER_NAME, cert, key };

it.each<[string, string, IClientOptions]>([
  ['mqtt', 'tcp', {}],
  ['mqtts', 'tls', trust],
  ['ws', 'websocket', {}],
  ['wss', 'wss', { wsOptions: trust, servername: SERVER_NAME }],
])('MQTT.js exchanges messages over %s', async (scheme, transport, options) => {
  const server = await startServer({
    websocketPath: '/mqtt',
    listeners: [overTls(tls), { transport: 'wss', port: 0, host: '127.0.0.1', path: '/mqtt', tls }],
  });
  const connected = server.next('connected');
  const url = `${scheme}://127.0.0.1:${portOf(server, transport)}/mqtt`;
  const client = await within(
    8000,
    'MQTT.js connects',
    connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0, ...options }, false),
  );
  afterwards(() => client.endAsync());
  expect(await connected).toMatchObject({ transport });
  const received = new Promise((resolve) => {
    client.on('message', (topic, payload) => resolve(`${topic} ${payload.toString()}`));
  });
  await client.subscribeAsync('a', { qos: 2 });
  await client.publishAsync('a', 'x', { qos: 2 });
  expect(await within(8000, 'the message', received)).toBe('a x');
});
