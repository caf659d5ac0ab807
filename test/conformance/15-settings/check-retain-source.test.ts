// checkRetainSource (CVE-2018-12546): a retained message whose publisher lost the right to it is no longer handed out.
import { type Authenticator, type ListenerSettings } from '@hearth/mqtt-broker';
import { startServer, versions } from '../support/server.js';
import { authenticatorFor, type Grants } from '../support/grants.js';

const settings: ListenerSettings = { checkRetainSource: true };
const reader = { username: 'reader', password: 'p' };
const writer = { clientId: 'w', username: 'writer', password: 'p' };

/** A writer whose rights are the live list `publish`, and a reader. */
function people(publish: string[]): Grants {
  return {
    writer: { password: 'p', publish },
    reader: { password: 'p', subscribe: ['#'] },
  };
}

/** Remembers those who came, and answers with them later when asked who they are. */
function withRecall(inner: Authenticator, { forgets = false } = {}): Authenticator {
  const known = new Map<string, Awaited<ReturnType<Authenticator['authenticate']>>>();
  return {
    async authenticate(credentials) {
      const answer = await inner.authenticate(credentials);
      if ('id' in answer) known.set(answer.id, answer);
      return answer;
    },
    async recall(id) {
      const answer = forgets ? undefined : known.get(id);
      return answer !== undefined && 'id' in answer ? answer : undefined;
    },
  };
}

describe.each(versions)('checkRetainSource on MQTT $name', ({ version }) => {
  it('hands out what its publisher may still publish, connected or not', async () => {
    const authenticator = withRecall(authenticatorFor(people(['a', 'b'])));
    const server = await startServer({ settings, authenticator });
    const source = await server.connect({ ...writer, version });
    await source.publish({ topic: 'a', payload: 'x', qos: 1, retain: true });
    const first = await server.connect({ ...reader, version });
    await first.subscribe('a');
    await first.expect('publish', { topic: 'a' });
    await source.disconnect();
    const second = await server.connect({ ...reader, version });
    await second.subscribe('a');
    await second.expect('publish', { topic: 'a' });
  });

  it.each(['connected', 'gone'])('keeps back what it may not any more, %s', async (state) => {
    const publish = ['a', 'b'];
    const authenticator = withRecall(authenticatorFor(people(publish)));
    const server = await startServer({ settings, authenticator });
    const source = await server.connect({ ...writer, version });
    await source.publish({ topic: 'a', payload: 'x', qos: 1, retain: true });
    await source.publish({ topic: 'b', payload: 'x', qos: 1, retain: true });
    publish.splice(0, 1);
    if (state === 'gone') await source.disconnect();
    const client = await server.connect({ ...reader, version });
    await client.subscribe('#');
    await client.expect('publish', { topic: 'b' });
    await client.expectNothing();
  });
});

describe('checkRetainSource', () => {
  it('keeps back what nobody known has published', async () => {
    const authenticator = withRecall(authenticatorFor(people(['a'])), { forgets: true });
    const server = await startServer({ settings, authenticator });
    const source = await server.connect(writer);
    await source.publish({ topic: 'a', payload: 'x', qos: 1, retain: true });
    await source.disconnect();
    const client = await server.connect(reader);
    await client.subscribe('a');
    await client.expectNothing();
  });

  it('keeps it back when the authenticator fails, and says so', async () => {
    const inner = authenticatorFor(people(['a']));
    const authenticator: Authenticator = {
      authenticate: (credentials) => inner.authenticate(credentials),
      recall: () => Promise.reject(new Error('directory is away')),
    };
    const server = await startServer({ settings, authenticator, tolerateBugs: true });
    const source = await server.connect(writer);
    await source.publish({ topic: 'a', payload: 'x', qos: 1, retain: true });
    await source.disconnect();
    const client = await server.connect(reader);
    await client.subscribe('a');
    await client.expectNothing();
    expect(server.bugs).toEqual([new Error('directory is away')]);
  });

  it('trusts the embedding program', async () => {
    const server = await startServer({ settings, grants: people([]) });
    server.broker.publish({ topic: 'a', payload: 'x', retain: true });
    const client = await server.connect(reader);
    await client.subscribe('a');
    await client.expect('publish', { topic: 'a' });
  });

  it('knows publishers of other listeners', async () => {
    const inside = withRecall(authenticatorFor(people(['a'])));
    const server = await startServer({
      settings,
      grants: people([]),
      others: [{ authenticator: inside }],
    });
    const source = await server.connectTo(server.otherPorts[0] ?? 0, writer);
    await source.publish({ topic: 'a', payload: 'x', qos: 1, retain: true });
    await source.disconnect();
    const client = await server.connect(reader);
    await client.subscribe('a');
    await client.expect('publish', { topic: 'a' });
  });

  it('false: hands out what was once allowed', async () => {
    const publish = ['a'];
    const server = await startServer({ grants: people(publish) });
    const source = await server.connect(writer);
    await source.publish({ topic: 'a', payload: 'x', qos: 1, retain: true });
    publish.splice(0);
    const client = await server.connect(reader);
    await client.subscribe('a');
    await client.expect('publish', { topic: 'a' });
  });
});
