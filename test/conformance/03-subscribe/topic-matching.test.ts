// [MQTT-4.7.1-1] [MQTT-4.7.1-2] [MQTT-4.7.2-1] [MQTT-4.7.3-4] [MQTT-3.3.2-3] Which topic names a topic filter matches.
import type { Version } from '@hearth/testkit';
import { startServer, versions, type TestServer } from '../support/server.js';

const rows: [filter: string, matching: string[], other: string[]][] = [
  ['a', ['a'], ['A', 'b', '/a', 'a/', 'ab', 'a/b']],
  ['a/b', ['a/b'], ['a', 'a/b/', 'a/b/c', 'a//b', '/a/b']],
  ['/a', ['/a'], ['a', '//a', '/a/']],
  ['/', ['/'], ['a', '//', '/a']],
  ['+', ['a', ' '], ['/', 'a/b', '/a']],
  ['+/+', ['a/b', '/b', 'a/', '/'], ['a', 'a/b/c']],
  ['/+', ['/a', '/'], ['a', 'a/b', '//']],
  ['a/+', ['a/b', 'a/'], ['a', 'a/b/c', 'b/a']],
  ['a/+/c', ['a/b/c', 'a//c'], ['a/b', 'a/c', 'a/b/b/c', 'a/b/c/d']],
  ['+/b/+', ['a/b/c', '/b/'], ['b', 'a/b', 'b/b']],
  ['#', ['a', 'a/b', '/', '/a', 'a/b/c/d/e'], []],
  ['a/#', ['a', 'a/', 'a/b', 'a/b/c'], ['ab', 'b/a', '/a', 'A']],
  ['a/b/#', ['a/b', 'a/b/c', 'a/b/c/d'], ['a', 'a/c', 'a/bc']],
  ['+/#', ['a', 'a/b', '/', '/a/b'], []],
  ['a/+/#', ['a/b', 'a/b/c', 'a/'], ['a', 'b/a']],
  ['/#', ['/', '/a', '/a/b'], ['a', 'a/b']],
  ['ä/€/𝄞', ['ä/€/𝄞'], ['a/€/𝄞', 'ä/€', 'Ä/€/𝄞']],
  ['with space/and  two', ['with space/and  two'], ['with space/and two']],
  ['#', [], ['$other', '$other/a']],
  ['+', [], ['$other']],
  ['+/a', [], ['$other/a']],
  ['$other/#', ['$other', '$other/a', '$other/a/b'], ['other/a']],
  ['$other/+', ['$other/a'], ['$other', '$other/a/b']],
  ['a/$b/+', ['a/$b/c'], ['a/b/c']],
  ['a/+/c', ['a/$b/c'], []],
  ['a/#', ['a/$b'], []],
];

/** Which of the topics reach a subscription: what arrives before the last message does. */
async function delivered(server: TestServer, filter: string, topics: string[], version: Version) {
  const subscriber = await server.connect({ version });
  await subscriber.subscribe([{ filter }, { filter: 'the/end' }]);
  const publisher = await server.connect({ version });
  for (const topic of topics) publisher.sendPublish({ topic, payload: 'match' });
  publisher.sendPublish({ topic: 'the/end', payload: 'end' });
  const arrived: string[] = [];
  for (;;) {
    const { topic, payload } = await subscriber.expect('publish');
    if (payload.toString() === 'end') break;
    arrived.push(topic);
  }
  // "#" and "the/end" both match the last message: one copy or two are allowed [MQTT-3.3.4-2].
  subscriber.cut();
  return arrived;
}

describe.each(versions)('topic filters on MQTT $name', ({ version }) => {
  it.each(rows)('%j matches %j and not %j', async (filter, matching, other) => {
    const server = await startServer();
    const topics = [...matching, ...other];
    expect(await delivered(server, filter, topics, version)).toEqual(matching);
  });
});
