// [MQTT-4.7.1-1] [MQTT-4.7.1-2] [MQTT-4.7.3-1] [MQTT-4.8.2-1] [MQTT-4.8.2-2] Filters that are none.
import { startServer, versions } from '../support/server.js';

const invalid = [
  'a#',
  '#a',
  'a/#/b',
  '#/',
  '#/#',
  'a/b#',
  '+a',
  'a+',
  'a/+b',
  'a/b+/c',
  '++',
  '+#',
];

// On 3.1.1 these are filters like any other, and refusing them is the server's choice.
const invalidShared = [
  '$share/g',
  '$share//a',
  '$share/g/',
  '$share/+/a',
  '$share/#/a',
  '$share/g+/a',
  '$share',
];

describe.each(versions)('a topic filter on MQTT $name', ({ version }) => {
  it.each(version === 5 ? [...invalid, ...invalidShared] : invalid)(
    'is refused: %s [MQTT-3.9.3-2]',
    async (filter) => {
      const server = await startServer();
      const client = await server.connect({ version });
      // Refused in its slot, or the connection ends as for a malformed packet; never granted.
      client.send(`82 < 0001 ${version === 5 ? '<>' : ''} "${filter}" 00 >`);
      const answer = await client.expectAnyOrEnd();
      const isRefused =
        answer === undefined ||
        answer.cmd === 'disconnect' ||
        (answer.cmd === 'suback' && answer.granted.every((code) => code >= 0x80));
      expect(isRefused).toBe(true);
      if (answer?.cmd === 'suback') await client.expectNothing();
      else if (answer !== undefined) await client.expectClosed();
    },
  );

  it('is refused beyond maxTopicLevels and maxTopicBytes, the others of its packet are not', async () => {
    const server = await startServer({ limits: { maxTopicLevels: 4, maxTopicBytes: 20 } });
    const client = await server.connect({ version });
    const { granted } = await client.subscribe([
      'a/b/c/d',
      'a/b/c/d/e',
      'x'.repeat(20),
      'x'.repeat(21),
    ]);
    expect(granted.map((code) => code >= 0x80)).toEqual([false, true, false, true]);
  });

  it('is refused beyond maxSubscriptionsPerClient', async () => {
    const server = await startServer({ limits: { maxSubscriptionsPerClient: 2 } });
    const client = await server.connect({ version });
    const { granted } = await client.subscribe(['a', 'b', 'c']);
    expect(granted).toEqual([0, 0, version === 5 ? 0x97 : 0x80]);
    // Replacing one of them is no more subscriptions.
    expect((await client.subscribe({ filter: 'a', qos: 1 })).granted).toEqual([1]);
    await client.unsubscribe('b');
    expect((await client.subscribe('c')).granted).toEqual([0]);
  });
});
