// Clients that know nothing of our assumptions, against our broker alone: mosquitto_pub/_sub, Python's paho, MQTT.js.
import { needsTool } from '@hearth/testkit';
import { mosquittoPeer } from '../support/peers/mosquitto-peer.js';
import { mqttJsPeer } from '../support/peers/mqtt-js-peer.js';
import { pahoPeer } from '../support/peers/paho-peer.js';
import type { Peer, Subscriber, Subscription, Target } from '../support/peers/peer.js';
import { afterwards, startServer, type TestServer } from '../conformance/support/server.js';

const pub = needsTool('mosquitto_pub');
const sub = needsTool('mosquitto_sub');
const python = needsTool('python3-paho-mqtt');

type Declare = (name: string, body: () => void) => void;
interface Kind {
  name: string;
  describe: Declare;
  peer: Peer;
  transports: Target['transport'][];
}

const kinds: Kind[] = [
  {
    name: 'mosquitto_pub and mosquitto_sub',
    describe: (name, body) => (pub.isInstalled ? sub : pub).describe(name, body),
    peer: mosquittoPeer(() => ({ pub: pub.path, sub: sub.path })),
    transports: ['tcp'],
  },
  {
    name: 'paho',
    describe: (name, body) => python.describe(name, body),
    peer: pahoPeer(() => python.path),
    transports: ['tcp', 'websocket'],
  },
  { name: 'MQTT.js', describe, peer: mqttJsPeer, transports: ['tcp', 'websocket'] },
];

for (const { name, describe: declare, peer, transports } of kinds) {
  for (const transport of transports) {
    for (const version of [4, 5] as const) {
      declare(`${name} over ${transport}, MQTT ${version === 5 ? '5.0' : '3.1.1'}`, () => {
        itBehaves(peer, { transport, version });
      });
    }
  }
}

function itBehaves(peer: Peer, kind: Omit<Target, 'port'>): void {
  const start = async (): Promise<{ server: TestServer; target: Target }> => {
    const server = await startServer({ websocketPath: '/mqtt' });
    const port = kind.transport === 'tcp' ? server.port : server.websocketPort;
    return { server, target: { ...kind, port } };
  };

  /** Runs until its subscription is in force. */
  const subscribe = async (
    server: TestServer,
    target: Target,
    subscription: Subscription,
  ): Promise<Subscriber> => {
    const subscribed = server.next('subscribed');
    const subscriber = peer.subscribe(target, subscription);
    afterwards(async () => subscriber.kill());
    await subscribed;
    return subscriber;
  };

  it('publishes at QoS 0, 1 and 2', async () => {
    const { server, target } = await start();
    const watcher = await server.connect();
    await watcher.subscribe({ filter: '#', qos: 2 });
    for (const qos of [0, 1, 2] as const) {
      await peer.publish(target, { topic: `t/${qos}`, payload: `grüße ${qos}`, qos });
      await watcher.take({ topic: `t/${qos}`, payload: `grüße ${qos}`, qos });
    }
    await watcher.expectNothing();
  });

  it('receives at QoS 0, 1 and 2', async () => {
    const { server, target } = await start();
    const subscriber = await subscribe(server, target, { filter: 't/+', qos: 2, count: 3 });
    const publisher = await server.connect();
    for (const qos of [0, 1, 2]) await publisher.publish({ topic: `t/${qos}`, payload: 'x', qos });
    expect((await subscriber.messages).sort()).toEqual(['t/0|0|0|x', 't/1|1|0|x', 't/2|2|0|x']);
  });

  it('leaves a retained message and finds one', async () => {
    const { server, target } = await start();
    await peer.publish(target, { topic: 'r', payload: 'kept', qos: 1, retain: true });
    expect(server.broker.stats().retainedMessages).toBe(1);
    const subscriber = await subscribe(server, target, { filter: 'r', qos: 1, count: 1 });
    expect(await subscriber.messages).toEqual(['r|1|1|kept']);
  });

  it('leaves its will when it is killed', async () => {
    const { server, target } = await start();
    const watcher = await server.connect();
    await watcher.subscribe({ filter: 'status', qos: 2 });
    const subscriber = await subscribe(server, target, {
      filter: 'nothing',
      qos: 0,
      count: 1,
      will: { topic: 'status', payload: 'offline', qos: 1, retain: true },
    });
    subscriber.kill();
    await watcher.take({ topic: 'status', payload: 'offline', qos: 1 });
    expect(server.broker.stats().retainedMessages).toBe(1);
  });

  it('leaves no will when it goes in peace', async () => {
    const { server, target } = await start();
    const watcher = await server.connect();
    await watcher.subscribe('status');
    const subscriber = await subscribe(server, target, {
      filter: 'a',
      qos: 0,
      count: 1,
      will: { topic: 'status', payload: 'offline', qos: 1 },
    });
    const gone = server.next('disconnected');
    server.broker.publish({ topic: 'a', payload: 'x' });
    await subscriber.messages;
    expect(await gone).toMatchObject({ cause: 'client-disconnect' });
    await watcher.expectNothing();
  });

  it('finds in its persistent session what it missed', async () => {
    const { server, target } = await start();
    const session: Subscription = { filter: 'a', qos: 1, count: 0, persistentId: 'peer' };
    const first = await subscribe(server, target, session);
    expect(await first.messages).toEqual([]);
    const publisher = await server.connect();
    for (const payload of ['1', '2']) await publisher.publish({ topic: 'a', payload, qos: 1 });
    const second = await subscribe(server, target, { ...session, count: 2 });
    expect(await second.messages).toEqual(['a|1|0|1', 'a|1|0|2']);
  });
}
