// GHSA-xxqp-5qx8-gj5q, CVE-2019-11779, CVE-2021-34432: very deep, odd or empty topics. GHSA-52qw-whmv-87c5: __proto__ and friends.
import { startServer, versions } from '../support/server.js';

const words = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'valueOf'];

describe.each(versions)('deep topics on MQTT $name', ({ version }) => {
  it.each([
    ['65,535 slashes', '/'.repeat(65_535)],
    ['thousands of levels', 'a/'.repeat(30_000)],
    ['one level of 65,535 bytes', 'x'.repeat(65_535)],
    ['one level more than maxTopicLevels', `a${'/a'.repeat(32)}`],
  ])('PUBLISH to %s ends the connection', async (_what, topic) => {
    const server = await startServer();
    const client = await server.connect({ version });
    client.sendPublish({ topic, payload: 'x', retain: true });
    await client.expectDisconnected(0x90, 0x97);
    expect(server.broker.stats().retainedMessages).toBe(0);
  });

  it.each([
    ['65,535 slashes', '/'.repeat(65_535)],
    ['thousands of plus signs', '+/'.repeat(20_000)],
    ['one level more than maxTopicLevels', `+${'/+'.repeat(32)}`],
  ])('SUBSCRIBE to %s is refused', async (_what, filter) => {
    const server = await startServer();
    const client = await server.connect({ version });
    const { granted } = await client.subscribe([filter, 'ok']);
    expect(granted).toEqual([version === 5 ? 0x8f : 0x80, 0]);
  });

  it('UNSUBSCRIBE from 65,535 slashes is answered', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.unsubscribe('/'.repeat(65_535), '');
  });

  it('as deep as maxTopicLevels work', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    const topic = `a${'/'.repeat(31)}`;
    await client.subscribe([topic, `+${'/+'.repeat(31)}`]);
    client.sendPublish({ topic });
    await client.expect('publish', { topic });
  });

  it('are matched in time against many wildcards', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    // Every combination of + and a letter over ten levels: 1,000 subscriptions that all match.
    const filters = Array.from({ length: 1000 }, (_, i) =>
      Array.from(i.toString(2).padStart(10, '0'), (bit) => (bit === '1' ? '+' : 'a')).join('/'),
    );
    await client.subscribe(filters);
    const topic = Array.from({ length: 10 }, () => 'a').join('/');
    const startedMs = performance.now();
    for (let i = 0; i < 20; i++) client.sendPublish({ topic });
    for (let i = 0; i < 20; i++) await client.expect('publish', { topic });
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });
});

describe.each(words)('%s', (word) => {
  it('is a topic level like any other', async () => {
    const server = await startServer();
    const client = await server.connect();
    await client.subscribe([`${word}/#`, `a/${word}`]);
    for (const topic of [word, `${word}/${word}`, `a/${word}`]) {
      client.sendPublish({ topic, payload: 'x', retain: true });
      await client.expect('publish', { topic, retain: false });
    }
    await client.publish({ topic: `b/${word}/c` });
    await client.unsubscribe(`${word}/#`);
    await client.publish({ topic: word });
    await client.subscribe('#');
    const retained = [word, `${word}/${word}`, `a/${word}`].map((topic) => ({
      topic,
      retain: true,
    }));
    await client.expectInAnyOrder('publish', retained);
  });

  it('is a client identifier, share name, user name and user property like any other', async () => {
    const server = await startServer({
      grants: { alice: { password: 'p', publish: ['#'], subscribe: ['#'] } },
    });
    const client = await server.connect({ username: 'alice', password: 'p', clientId: word });
    await client.subscribe(`$share/${word}/a`);
    client.sendPublish({ topic: 'a', properties: { userProperties: [[word, word]] } });
    const { bytes } = await client.expect('publish');
    expect(bytes.toString('latin1')).toContain(word);
    expect(server.broker.clients().map(({ clientId }) => clientId)).toEqual([word]);
    expect(server.broker.disconnect('toLocaleString')).toBe(false);
    const stranger = await server.open();
    stranger.send(`10 < "MQTT" 05 c2 0000 <> "x" "${word}" "${word}" >`);
    await stranger.expect('connack', { reasonCode: 0x86 });
    await stranger.expectClosed();
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('a');
  });
});

describe('odd client identifiers (CVE-2017-7650, CVE-2026-44838)', () => {
  it.each(['+', '#', 'a/b', '$SYS', '../..', "'; drop table", '\u{1f600}', ' ', '%s%n'])(
    '%j is taken as it is',
    async (clientId) => {
      const server = await startServer();
      const options = {
        clientId,
        cleanStart: false,
        properties: { sessionExpiryInterval: 100 },
      };
      await (await server.connect(options)).disconnect();
      const again = await server.connect(options);
      expect(again.connack.sessionPresent).toBe(true);
      expect(server.broker.clients()).toMatchObject([{ clientId }]);
      const other = await server.connect({ ...options, clientId: 'other' });
      expect(other.connack.sessionPresent).toBe(false);
    },
  );
});
