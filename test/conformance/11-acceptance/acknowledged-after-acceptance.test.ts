// [MQTT-4.3.2-4] [MQTT-4.3.3-8] [MQTT-4.6.0-2] PUBACK and PUBREC leave after the message was accepted, in order.
import { AcceptRefused, type Message, type Sender } from '@hearth/mqtt-broker';
import { acknowledgement } from '@hearth/testkit';
import { startServer, versions, type ServerOptions, type TestServer } from '../support/server.js';

interface Acceptance {
  topic: string;
  payload: string;
  message: Message;
  sender: Sender;
  resolve: () => void;
  reject: (error: unknown) => void;
}

async function startWithAcceptances(
  options: ServerOptions = {},
): Promise<{ server: TestServer; acceptances: Acceptance[] }> {
  const acceptances: Acceptance[] = [];
  const server = await startServer({
    ...options,
    accept: (message, sender) =>
      new Promise<void>((resolve, reject) => {
        const { topic, payload } = message;
        acceptances.push({ topic, payload: payload.toString(), message, sender, resolve, reject });
      }),
  });
  return { server, acceptances };
}

describe.each(versions)('a message that waits for acceptance on MQTT $name', ({ version }) => {
  it.each([
    [1, 'puback'],
    [2, 'pubrec'],
  ] as const)('at QoS %d is acknowledged after it, not before', async (qos, name) => {
    const { server, acceptances } = await startWithAcceptances();
    const client = await server.connect({ version, clientId: 'c' });
    client.sendPublish({ topic: 'a', payload: 'x', qos, packetId: 9 });
    await client.expectNothing();
    expect(acceptances).toMatchObject([
      { topic: 'a', payload: 'x', sender: { clientId: 'c', protocolVersion: version } },
    ]);
    expect(acceptances[0]!.message).toMatchObject({
      qos,
      retain: false,
      dup: false,
      kind: 'publish',
    });
    acceptances[0]!.resolve();
    await client.expect(name, { messageId: 9 });
  });

  it('is routed at once', async () => {
    const { server } = await startWithAcceptances();
    const watcher = await server.connect({ version });
    await watcher.subscribe({ filter: 'a', qos: 1 });
    const client = await server.connect({ version });
    client.sendPublish({ topic: 'a', payload: 'live', qos: 1 });
    await watcher.take({ payload: 'live' });
  });

  it('does not hold up pings, subscriptions or QoS 0', async () => {
    const { server, acceptances } = await startWithAcceptances();
    const client = await server.connect({ version });
    client.sendPublish({ topic: 'a', qos: 1, packetId: 1 });
    await client.subscribe('b');
    client.sendPublish({ topic: 'b', payload: 'passes' });
    await client.expect('publish', { payload: 'passes' });
    for (const { resolve } of acceptances) resolve();
    await client.expect('puback', { messageId: 1 });
  });

  it('is acknowledged in the order of arrival, whatever is accepted first [MQTT-4.6.0-3]', async () => {
    const { server, acceptances } = await startWithAcceptances();
    const client = await server.connect({ version });
    for (const packetId of [1, 2, 3, 4]) {
      client.sendPublish({ topic: 'a', qos: packetId === 3 ? 2 : 1, packetId });
    }
    await client.roundTrip();
    acceptances[3]!.resolve();
    acceptances[1]!.resolve();
    await client.expectNothing();
    acceptances[0]!.resolve();
    await client.expect('puback', { messageId: 1 });
    await client.expect('puback', { messageId: 2 });
    await client.expectNothing();
    acceptances[2]!.resolve();
    await client.expect('pubrec', { messageId: 3 });
    await client.expect('puback', { messageId: 4 });
  });

  it('is acknowledged with the whole batch when promises are shared', async () => {
    let commit = (): void => {};
    const batch = new Promise<void>((resolve) => (commit = resolve));
    const server = await startServer({ accept: () => batch });
    const client = await server.connect({ version });
    for (let packetId = 1; packetId <= 50; packetId++) {
      client.sendPublish({ topic: 'a', qos: 1, packetId });
    }
    await client.expectNothing();
    commit();
    for (let messageId = 1; messageId <= 50; messageId++)
      await client.expect('puback', { messageId });
  });

  it('is accepted once when a QoS 2 PUBLISH is repeated before PUBREC', async () => {
    const { server, acceptances } = await startWithAcceptances();
    const client = await server.connect({ version });
    client.sendPublish({ topic: 'a', qos: 2, packetId: 9 });
    client.sendPublish({ topic: 'a', qos: 2, packetId: 9, dup: true });
    await client.expectNothing();
    expect(acceptances).toHaveLength(1);
    acceptances[0]!.resolve();
    await client.expect('pubrec', { messageId: 9 });
    await client.expect('pubrec', { messageId: 9 });
    client.send(acknowledgement('pubrel', 9));
    await client.expect('pubcomp', { messageId: 9 });
  });

  it('whose sender is gone is accepted all the same, and nothing breaks', async () => {
    const { server, acceptances } = await startWithAcceptances();
    const client = await server.connect({ version });
    for (const qos of [0, 1, 2]) client.sendPublish({ topic: 'a', qos });
    await client.roundTrip();
    const gone = server.next('disconnected');
    client.cut();
    await gone;
    acceptances[0]!.resolve();
    acceptances[1]!.reject(new Error('no'));
    acceptances[2]!.resolve();
    await (await server.connect({ version })).roundTrip();
  });

  it('of a resumed session is acknowledged on the new connection, accepted once', async () => {
    const { server, acceptances } = await startWithAcceptances();
    const session = {
      version,
      clientId: 's',
      cleanStart: false,
      ...(version === 5 && { properties: { sessionExpiryInterval: 100 } }),
    };
    const first = await server.connect(session);
    first.sendPublish({ topic: 'a', qos: 2, packetId: 9 });
    await first.roundTrip();
    await first.disconnect();
    const second = await server.connect(session);
    second.sendPublish({ topic: 'a', qos: 2, packetId: 9, dup: true });
    await second.expectNothing();
    acceptances[0]!.resolve();
    await second.expect('pubrec', { messageId: 9 });
    expect(acceptances).toHaveLength(1);
  });
});

describe.each([
  ['AcceptRefused(0x97)', new AcceptRefused(0x97), 0x97],
  ['AcceptRefused(0x99)', new AcceptRefused(0x99, 'payload'), 0x99],
  ['any other error', new Error('database away'), 0x83],
  ['a value that is no error', 'oops', 0x83],
])('a message refused with %s', (_what, error, reasonCode) => {
  it.each([
    ['by a rejection', () => Promise.reject(error)],
    [
      'by a throw',
      () => {
        throw error;
      },
    ],
  ])('%s gets its reason code on 5.0, at QoS 1 and 2', async (_how, accept) => {
    const server = await startServer({ accept });
    const client = await server.connect();
    client.sendPublish({ topic: 'a', qos: 1, packetId: 1 });
    await client.expect('puback', { messageId: 1, reasonCode });
    client.sendPublish({ topic: 'a', qos: 2, packetId: 2 });
    await client.expect('pubrec', { messageId: 2, reasonCode });
    client.sendPublish({ topic: 'a', qos: 0 });
    await client.expectNothing();
    expect(server.broker.stats().acceptFailures).toBe(3);
  });

  it('leaves a QoS 2 packet identifier free [MQTT-4.3.3-9]', async () => {
    let isFirst = true;
    const server = await startServer({
      accept: () => {
        const answer = isFirst ? Promise.reject(error) : undefined;
        isFirst = false;
        return answer;
      },
    });
    const client = await server.connect();
    client.sendPublish({ topic: 'a', qos: 2, packetId: 2 });
    await client.expect('pubrec', { messageId: 2, reasonCode });
    await client.publish({ topic: 'a', qos: 2, packetId: 2 });
  });
});

describe('a refused message on 3.1.1', () => {
  it.each([1, 2])('at QoS %d is not acknowledged: the connection ends', async (qos) => {
    const server = await startServer({ accept: () => Promise.reject(new Error('no')) });
    const client = await server.connect({ version: 4 });
    const disconnected = server.next('disconnected');
    client.sendPublish({ topic: 'a', qos });
    await client.expectClosed();
    expect(await disconnected).toMatchObject({ cause: 'message-refused' });
  });

  it('may be sent again and is accepted then', async () => {
    const answers = [Promise.reject(new Error('not yet')), undefined];
    answers[0]?.catch(() => undefined);
    const server = await startServer({ accept: () => answers.shift() });
    const session = { version: 4, clientId: 's', cleanStart: false } as const;
    const first = await server.connect(session);
    first.sendPublish({ topic: 'a', qos: 2, packetId: 3 });
    await first.expectClosed();
    const second = await server.connect(session);
    second.sendPublish({ topic: 'a', qos: 2, packetId: 3, dup: true });
    await second.expect('pubrec', { messageId: 3 });
    expect(answers).toEqual([]);
  });

  it('is acknowledged with refusedPublish3: acknowledge', async () => {
    const server = await startServer({
      accept: () => Promise.reject(new Error('no')),
      refusedPublish3: 'acknowledge',
    });
    const client = await server.connect({ version: 4 });
    client.sendPublish({ topic: 'a', qos: 1, packetId: 1 });
    await client.expect('puback', { messageId: 1 });
  });
});

describe('maxPendingAccepts', () => {
  it.each([4, 5] as const)('stops reading there, and goes on later (level %d)', async (version) => {
    const { server, acceptances } = await startWithAcceptances({
      limits: { maxPendingAccepts: 10 },
    });
    const client = await server.connect({ version });
    for (let packetId = 1; packetId <= 35; packetId++) {
      client.sendPublish({ topic: 'a', payload: String(packetId), qos: 1, packetId });
    }
    for (let messageId = 1; messageId <= 35; messageId++) {
      // Another client's round trip gives the broker every chance to read on.
      await (await server.connect({ clientId: 'w' })).disconnect();
      expect(acceptances.length).toBeLessThanOrEqual(messageId - 1 + 10);
      acceptances[messageId - 1]!.resolve();
      await client.expect('puback', { messageId });
    }
    expect(acceptances).toHaveLength(35);
  });

  it('also in bytes', async () => {
    const { server, acceptances } = await startWithAcceptances({
      limits: { maxPendingAcceptBytes: 10_000 },
    });
    const client = await server.connect({ version: 4 });
    for (let packetId = 1; packetId <= 30; packetId++) {
      client.sendPublish({ topic: 'a', payload: 'x'.repeat(1000), qos: 1, packetId });
    }
    await (await server.connect()).roundTrip();
    expect(acceptances.length).toBeLessThanOrEqual(11);
    for (let messageId = 1; messageId <= 30; messageId++) {
      acceptances[messageId - 1]?.resolve();
      await client.expect('puback', { messageId });
    }
  });
});

describe('the payload that accept sees', () => {
  it('is the bytes of that message, for each of many in one chunk', async () => {
    const seen: string[] = [];
    const server = await startServer({
      accept: ({ topic, payload, properties }) =>
        void seen.push(`${topic}=${payload.toString()} ${properties?.contentType ?? ''}`),
    });
    const client = await server.connect();
    for (let i = 0; i < 50; i++) {
      client.sendPublish({
        topic: `t/${i}`,
        payload: `p${i}`,
        qos: i % 3,
        properties: { contentType: `c${i}` },
      });
      if (i % 3 === 1) await client.expect('puback');
      if (i % 3 === 2) await client.expect('pubrec');
    }
    await client.roundTrip();
    expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => `t/${i}=p${i} c${i}`));
  });
});
