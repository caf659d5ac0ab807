// The protocol logic alone: recorded effects, a clock that stands still, no socket.

import { FakeClock } from '@hearth/testkit';
import type { AckType } from '../codec/acks.js';
import { allowAll } from '../auth/allow-all.js';
import type { Principal } from '../auth/principal.js';
import type {
  ConnectPacket,
  InboundPacket,
  OutboundPacket,
  PublishPacket,
  Will,
} from '../codec/packets.js';
import { NO_PROPERTIES } from '../codec/properties.js';
import { makePublishPacket } from '../codec/publish.js';
import { makeCore } from '../core-factory.js';
import { ProtocolError } from '../errors.js';
import type { BrokerEvents } from '../events.js';
import type { BrokerOptions } from '../options.js';
import type { RoutedMessage } from '../routing/routed-message.js';
import type { Delivery } from '../session/session-link.js';
import { Connection } from './connection.js';
import type { Core } from './core.js';
import type { Effects } from './effects.js';
import { receive } from './receive.js';

class RecordingEffects implements Effects {
  readonly list: string[] = [];
  readonly sent: OutboundPacket[] = [];
  readonly delivered: Delivery[] = [];
  congested = false;

  begin(): void {}
  beginExchange(): void {}
  /** Whether packets fit the client's Maximum Packet Size. */
  hasRoom = true;
  fits(): boolean {
    return this.hasRoom;
  }
  send(packet: OutboundPacket): boolean {
    if (!this.hasRoom) return false;
    this.sent.push(packet);
    const code = 'reasonCode' in packet ? ` ${packet.reasonCode}` : '';
    this.list.push(`send ${packet.type}${code}`);
    return true;
  }
  acknowledge(type: AckType, packetId: number, reasonCode: number): void {
    this.list.push(`${type} ${packetId} ${reasonCode}`);
  }
  deliverQos0(message: RoutedMessage, retain: boolean): 'sent' {
    this.list.push(`publish ${message.topic} qos0${retain ? ' retain' : ''}`);
    return 'sent';
  }
  deliver(delivery: Delivery, packetId: number, dup: boolean): 'sent' {
    this.delivered.push(delivery);
    const { message, qos } = delivery;
    this.list.push(`publish ${message.topic} qos${qos} id${packetId}${dup ? ' dup' : ''}`);
    return 'sent';
  }
  pause(): void {
    this.list.push('pause');
  }
  resume(): void {
    this.list.push('resume');
  }
  readonly waiting: (() => void)[] = [];
  probe(): void {
    this.list.push('probe');
  }
  later(goOn: () => void): void {
    this.waiting.push(goOn);
  }
  close(): void {
    this.list.push('close');
  }
}

interface World {
  core: Core;
  clock: FakeClock;
  client: (options?: Partial<ConnectPacket>) => Client;
  heard: <E extends keyof BrokerEvents>(event: E) => BrokerEvents[E][];
}

interface Client {
  connection: Connection;
  effects: RecordingEffects;
  receive: (packet: InboundPacket) => void;
  publish: (options: Partial<PublishPacket> & { name: string; text?: string }) => void;
  subscribe: (filter: string, qos?: 0 | 1 | 2) => void;
}

function aWorld(options: Partial<BrokerOptions> = {}): World {
  const clock = new FakeClock();
  const core = makeCore({ listeners: [], clock, authenticator: allowAll(), ...options });
  const client = (fields: Partial<ConnectPacket> = {}): Client => {
    const effects = new RecordingEffects();
    const connection = new Connection(
      core,
      effects,
      { address: '192.0.2.1', transport: 'tcp' },
      core.settings,
    );
    const take = (packet: InboundPacket): void => {
      try {
        receive(connection, packet);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        connection.fail(error, 5);
      }
    };
    const publish: Client['publish'] = ({ name, text = 'x', ...rest }) => {
      const buffer = Buffer.from(text);
      const topic = core.topics.resolveName(name);
      const frame = { topic, buffer, payloadStart: 0, frameEnd: buffer.length };
      take({ ...makePublishPacket(), version: 5, ...frame, ...rest });
    };
    const subscribe: Client['subscribe'] = (filter, qos = 0) => {
      const request = { filter, qos, noLocal: false, retainAsPublished: false };
      const requests = [{ ...request, retainHandling: 0 as const }];
      take({ type: 'subscribe', packetId: 1, requests, properties: NO_PROPERTIES });
    };
    take({ ...aConnect, ...fields });
    return { connection, effects, receive: take, publish, subscribe };
  };
  const heard: World['heard'] = (event) => {
    const list: BrokerEvents[typeof event][] = [];
    core.events.on(event, (payload) => list.push(payload));
    return list;
  };
  return { core, clock, client, heard };
}

const aConnect: ConnectPacket = {
  type: 'connect',
  protocolVersion: 5,
  cleanStart: true,
  keepAliveSeconds: 60,
  clientId: 'c',
  will: undefined,
  username: undefined,
  password: undefined,
  properties: NO_PROPERTIES,
};

const persistent = { cleanStart: false, properties: { sessionExpiryInterval: 100 } };

function willOf(core: Core, topic: string, delay = 0): Will {
  const payload = Buffer.from('offline');
  const properties = delay === 0 ? NO_PROPERTIES : { willDelayInterval: delay };
  return { topic: core.topics.resolveName(topic), payload, qos: 0, retain: false, properties };
}

describe(Connection.name, () => {
  it('gives up on a client that sends no CONNECT in time', () => {
    const { core, clock, heard } = aWorld();
    const refused = heard('refused');
    const effects = new RecordingEffects();
    const sut = new Connection(core, effects, { address: 'x', transport: 'tcp' }, core.settings);
    clock.advance(core.limits.connectTimeoutMs);
    expect(effects.list).toEqual(['close']);
    expect(sut.phase.at).toBe('closed');
    expect(refused).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('has the network look after a client without keep alive, and after no other', () => {
    const { client } = aWorld();
    expect(client({ keepAliveSeconds: 0 }).effects.list).toContain('probe');
    expect(client({ keepAliveSeconds: 10 }).effects.list).not.toContain('probe');
  });

  it('ends a silent client after one and a half keep alives, and not before', () => {
    const { clock, client } = aWorld();
    const { effects, connection } = client({ keepAliveSeconds: 10 });
    clock.advance(14_000);
    connection.lastReceivedAtMs = clock.now();
    clock.advance(14_999);
    expect(effects.list).toEqual(['send connack 0']);
    clock.advance(1);
    expect(effects.list).toEqual(['send connack 0', 'send disconnect 141', 'close']);
  });

  it('ends a client whose Maximum Packet Size has no room for its SUBACK', () => {
    const { effects, subscribe } = aWorld().client();
    effects.hasRoom = false;
    subscribe('a');
    expect(effects.list.slice(1)).toEqual(['close']);
  });

  it('leaves no timer behind', () => {
    const { clock, client } = aWorld();
    const { connection } = client();
    connection.lost();
    expect(clock.pending).toBe(0);
  });

  it('closes when AUTH comes without an authentication', () => {
    const { effects, receive: take } = aWorld().client();
    take({ type: 'auth', reasonCode: 0x18, properties: NO_PROPERTIES });
    expect(effects.list.slice(1)).toEqual(['send disconnect 130', 'close']);
  });

  it('refuses enhanced authentication with 0x8C', () => {
    const { effects } = aWorld().client({ properties: { authenticationMethod: 'SCRAM-SHA-256' } });
    expect(effects.list).toEqual(['send connack 140', 'close']);
  });

  it('ignores whatever a closed connection still brings', () => {
    const { effects, connection, publish } = aWorld().client();
    connection.lost();
    const before = effects.list.length;
    publish({ name: 'a', qos: 1, packetId: 1 });
    connection.lost();
    expect(effects.list).toHaveLength(before);
  });
});

describe('authentication', () => {
  it('pauses reading until the answer, and refuses when the authenticator fails', async () => {
    const authenticator = { authenticate: () => Promise.reject(new Error('database away')) };
    const { effects } = aWorld({ authenticator }).client();
    expect(effects.list).toEqual(['pause']);
    await new Promise((resolve) => setImmediate(resolve));
    expect(effects.list).toEqual(['pause', 'send connack 136', 'close', 'resume']);
  });

  it('counts a throw as a failure too', () => {
    const authenticator = {
      authenticate: () => {
        throw new Error('bug');
      },
    };
    expect(aWorld({ authenticator }).client().effects.list).toEqual(['send connack 136', 'close']);
  });

  it('opens nothing for a client that left meanwhile', async () => {
    let admit = (_principal: Principal): void => {};
    const authenticator = {
      authenticate: () =>
        new Promise<Principal>((resolve) => {
          admit = resolve;
        }),
    };
    const { core, client } = aWorld({ authenticator });
    const { connection } = client();
    connection.lost();
    admit({ id: 'p', canPublish: () => true, canSubscribe: () => true });
    await new Promise((resolve) => setImmediate(resolve));
    expect(core.open.size).toBe(0);
    expect(core.sessions.size).toBe(0);
  });
});

describe('a session', () => {
  const principals: Record<string, Principal> = {
    alice: { id: 'alice', canPublish: () => true, canSubscribe: () => true },
    bob: { id: 'bob', canPublish: () => true, canSubscribe: () => true },
  };
  const byName = {
    authenticate: ({ username = '' }: { username?: string }) =>
      principals[username] ?? { refused: true as const, reasonCode: 0x86 },
  };

  it('belongs to the principal that made it', () => {
    const { core, client } = aWorld({ authenticator: byName });
    const alice = client({ username: 'alice', ...persistent });
    alice.subscribe('a', 1);
    const bob = client({ username: 'bob', ...persistent });
    expect(alice.connection.phase.at).toBe('open');
    expect(bob.effects.sent[0]).toMatchObject({ sessionPresent: false });
    expect(core.sessions.size).toBe(2);
  });

  it('loses on resume what its principal may no longer have, queue included', () => {
    let allowed = new Set(['a', 'b']);
    const principal: Principal = {
      id: 'p',
      canPublish: () => true,
      canSubscribe: (filter) => allowed.has(filter),
    };
    const { client } = aWorld({ authenticator: { authenticate: () => principal } });
    const first = client({ clientId: 's', ...persistent });
    first.subscribe('a', 1);
    first.subscribe('b', 1);
    first.connection.lost();
    const publisher = client({ clientId: 'p' });
    publisher.publish({ name: 'a', qos: 1, packetId: 1 });
    publisher.publish({ name: 'b', qos: 1, packetId: 2 });
    allowed = new Set(['b']);
    const second = client({ clientId: 's', ...persistent });
    expect(second.effects.list).toEqual(['send connack 0', 'publish b qos1 id1']);
    publisher.publish({ name: 'a', qos: 1, packetId: 3 });
    expect(second.effects.list).toHaveLength(2);
  });

  it('ends after its expiry', () => {
    const { core, clock, client } = aWorld();
    client(persistent).connection.lost();
    clock.advance(99_999);
    expect(core.sessions.size).toBe(1);
    clock.advance(1);
    expect(core.sessions.size).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('is refused over maxSessions', () => {
    const { client } = aWorld({ limits: { maxSessions: 1 } });
    client({ clientId: '1' });
    expect(client({ clientId: '2' }).effects.list).toEqual(['send connack 151', 'close']);
  });

  it('queues no more than maxQueuedMessages and says what it dropped', () => {
    const { core, client, heard } = aWorld({ limits: { maxQueuedMessages: 2 } });
    const sleeper = client({ clientId: 's', ...persistent });
    sleeper.subscribe('a', 1);
    sleeper.connection.lost();
    const dropped = heard('dropped');
    const publisher = client({ clientId: 'p' });
    for (let packetId = 1; packetId <= 3; packetId++)
      publisher.publish({ name: 'a', qos: 1, packetId });
    expect(dropped).toEqual([{ clientId: 's', topic: 'a', reason: 'queue-full', count: 1 }]);
    expect(core.counters.dropped['queue-full']).toBe(1);
  });
});

describe('a will', () => {
  it('is called off by a resume within its delay', () => {
    const { core, clock, client, heard } = aWorld();
    const wills = heard('will');
    const will = willOf(core, 'status', 10);
    client({ ...persistent, will }).connection.lost();
    clock.advance(9999);
    client(persistent);
    clock.advance(10_000);
    expect(wills).toEqual([]);
  });

  it('is published when its delay is over, or its session', () => {
    const { core, clock, client, heard } = aWorld();
    const wills = heard('will');
    client({ ...persistent, will: willOf(core, 'a', 10) }).connection.lost();
    clock.advance(10_000);
    expect(wills).toHaveLength(1);
    client({ clientId: 'd', will: willOf(core, 'b', 10) }).connection.lost();
    expect(wills).toHaveLength(2);
  });

  it('is checked again when it is published', () => {
    let allowed = true;
    const principal: Principal = {
      id: 'p',
      canPublish: () => allowed,
      canSubscribe: () => true,
    };
    const world = aWorld({ authenticator: { authenticate: () => principal } });
    const [wills, denied] = [world.heard('will'), world.heard('denied')];
    const { connection } = world.client({ will: willOf(world.core, 'status') });
    allowed = false;
    connection.lost();
    expect(wills).toEqual([]);
    expect(denied).toMatchObject([{ action: 'will', topic: 'status' }]);
  });
});

describe('acceptance', () => {
  it('holds the acknowledgement and not the routing', async () => {
    let commit = (): void => {};
    const committed = new Promise<void>((resolve) => {
      commit = resolve;
    });
    const { client } = aWorld({ accept: () => committed });
    const subscriber = client({ clientId: 's' });
    subscriber.subscribe('a');
    const { effects, publish } = client({ clientId: 'p' });
    publish({ name: 'a', qos: 1, packetId: 1 });
    publish({ name: 'a', qos: 2, packetId: 2 });
    expect(subscriber.effects.list.filter((one) => one.startsWith('publish'))).toHaveLength(2);
    expect(effects.list).toEqual(['send connack 0']);
    commit();
    await new Promise((resolve) => setImmediate(resolve));
    expect(effects.list).toEqual(['send connack 0', 'puback 1 0', 'pubrec 2 0']);
  });

  it('pauses the socket at maxPendingAccepts, and goes on at half of it', async () => {
    const commits: (() => void)[] = [];
    const accept = (): Promise<void> => new Promise((resolve) => void commits.push(resolve));
    const { client } = aWorld({ accept, limits: { maxPendingAccepts: 4 } });
    const { effects, publish } = client({ protocolVersion: 4 });
    for (let packetId = 1; packetId <= 4; packetId++) publish({ name: 'a', qos: 1, packetId });
    expect(effects.list).toEqual(['send connack 0', 'pause']);
    commits[0]?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(effects.list).not.toContain('resume');
    commits[1]?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(effects.list).toContain('resume');
  });

  it('disconnects a 3.1.1 publisher whose message was refused, for want of a negative PUBACK', async () => {
    const { client } = aWorld({ accept: () => Promise.reject(new Error('database away')) });
    const { effects, publish } = client({ protocolVersion: 4 });
    publish({ name: 'a', qos: 1, packetId: 1 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(effects.list).toEqual(['send connack 0', 'send disconnect 131', 'close']);
  });

  it('routes nothing that accept refuses on the spot', () => {
    const { client } = aWorld({
      accept: () => {
        throw new Error('bug');
      },
    });
    const subscriber = client({ clientId: 's' });
    subscriber.subscribe('a');
    const { effects, publish } = client({ clientId: 'p' });
    publish({ name: 'a', qos: 1, packetId: 1 });
    expect(effects.list).toContain('puback 1 131');
    expect(subscriber.effects.list.join()).not.toContain('publish');
  });
});

describe('QoS 2', () => {
  it('routes a message once, however often it is sent before PUBREL', () => {
    const { client } = aWorld();
    const subscriber = client({ clientId: 's' });
    subscriber.subscribe('a');
    const { effects, publish, receive: take } = client({ clientId: 'p' });
    publish({ name: 'a', qos: 2, packetId: 1 });
    publish({ name: 'a', qos: 2, packetId: 1, dup: true });
    expect(subscriber.effects.list.slice(2)).toEqual(['publish a qos0']);
    take({ type: 'pubrel', packetId: 1, reasonCode: 0, properties: NO_PROPERTIES });
    take({ type: 'pubrel', packetId: 1, reasonCode: 0, properties: NO_PROPERTIES });
    expect(effects.list.slice(1)).toEqual([
      'pubrec 1 0',
      'pubrec 1 0',
      'pubcomp 1 0',
      'pubcomp 1 146',
    ]);
  });

  it('ends a client that leaves more than maxIncomingQos2 exchanges half open', () => {
    const { client } = aWorld({ limits: { maxIncomingQos2: 2 } });
    const { effects, publish } = client({ protocolVersion: 4 });
    for (let packetId = 1; packetId <= 3; packetId++) publish({ name: 'a', qos: 2, packetId });
    expect(effects.list.slice(-2)).toEqual(['send disconnect 147', 'close']);
  });
});

describe('delivery', () => {
  it('keeps within the client’s Receive Maximum and goes on with each PUBACK', () => {
    const { client } = aWorld();
    const {
      effects,
      subscribe,
      receive: take,
    } = client({
      clientId: 's',
      properties: { receiveMaximum: 2 },
    });
    subscribe('a', 1);
    const publisher = client({ clientId: 'p' });
    for (let packetId = 1; packetId <= 3; packetId++)
      publisher.publish({ name: 'a', qos: 1, packetId });
    expect(effects.list.slice(2)).toEqual(['publish a qos1 id1', 'publish a qos1 id2']);
    take({ type: 'puback', packetId: 2, reasonCode: 0, properties: NO_PROPERTIES });
    expect(effects.list.slice(4)).toEqual(['publish a qos1 id3']);
  });

  it('waits while the client does not read', () => {
    const { client } = aWorld();
    const { effects, subscribe, connection } = client({ clientId: 's' });
    subscribe('a', 1);
    effects.congested = true;
    client({ clientId: 'p' }).publish({ name: 'a', qos: 1, packetId: 1 });
    expect(effects.list.join()).not.toContain('publish');
    effects.congested = false;
    if (connection.phase.at === 'open') connection.phase.session.pump();
    expect(effects.list).toContain('publish a qos1 id1');
  });

  it('sends a client what overlapping subscriptions match once, at the highest QoS', () => {
    const { client } = aWorld();
    const { effects, subscribe } = client({ clientId: 's' });
    subscribe('a', 0);
    subscribe('#', 1);
    client({ clientId: 'p' }).publish({ name: 'a', qos: 2, packetId: 1 });
    expect(effects.list.slice(3)).toEqual(['publish a qos1 id1']);
  });

  it('takes __proto__ as client identifier, level and filter', () => {
    const { client, core } = aWorld();
    const { effects, subscribe } = client({ clientId: '__proto__', ...persistent });
    subscribe('__proto__/+', 1);
    client({ clientId: 'constructor' }).publish({
      name: '__proto__/constructor',
      qos: 1,
      packetId: 1,
    });
    expect(effects.list).toContain('publish __proto__/constructor qos1 id1');
    expect(core.sessions.find('__proto__', 'anonymous')).toBeDefined();
  });
});

describe('a receiver that falls behind', () => {
  const limits = { maxQueuedMessages: 8, receiverPatienceMs: 250 };

  function fillHalf(world: World): { slow: Client; publisher: Client } {
    const slow = world.client({ clientId: 's', properties: { receiveMaximum: 1 } });
    slow.subscribe('a', 1);
    const publisher = world.client({ clientId: 'p' });
    for (let packetId = 1; packetId <= 6; packetId++) {
      publisher.publish({ name: 'a', qos: 1, packetId });
    }
    return { slow, publisher };
  }

  it('holds its publishers back until it caught up', () => {
    const { slow, publisher } = fillHalf(aWorld({ limits }));
    expect(publisher.effects.list.at(-1)).toBe('pause');
    const acknowledge = (packetId: number): void =>
      slow.receive({ type: 'puback', packetId, reasonCode: 0, properties: NO_PROPERTIES });
    for (const packetId of [1, 2, 3]) acknowledge(packetId);
    expect(publisher.effects.list.at(-1)).toBe('pause');
    acknowledge(4);
    expect(publisher.effects.list.at(-1)).toBe('resume');
  });

  it('holds them back for its patience only, then loses messages', () => {
    const world = aWorld({ limits });
    const { publisher } = fillHalf(world);
    world.clock.advance(250);
    expect(publisher.effects.list.at(-1)).toBe('resume');
    const dropped = world.heard('dropped');
    for (let packetId = 7; packetId <= 12; packetId++) {
      publisher.publish({ name: 'a', qos: 1, packetId });
    }
    expect(publisher.effects.list.filter((one) => one === 'pause')).toHaveLength(1);
    expect(dropped).toHaveLength(1);
    expect(world.core.counters.dropped['queue-full']).toBe(3);
  });

  it('lets them go when it leaves', () => {
    const { slow, publisher } = fillHalf(aWorld({ limits }));
    slow.connection.lost();
    expect(publisher.effects.list.at(-1)).toBe('resume');
  });

  it('never holds itself back', () => {
    const { client } = aWorld({ limits });
    const { effects, subscribe, publish } = client({ properties: { receiveMaximum: 1 } });
    subscribe('a', 1);
    for (let packetId = 1; packetId <= 8; packetId++) publish({ name: 'a', qos: 1, packetId });
    expect(effects.list).not.toContain('pause');
  });
});
