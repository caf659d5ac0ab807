// decode∘encode is the identity, for every packet in both directions, with another codec on the other side: what npm's
// mqtt-packet writes our decoder reads as it was meant, and what our encoder writes mqtt-packet reads as it was meant.

import * as fc from 'fast-check';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { ProtocolError } from '../errors.js';
import { TopicTable } from '../topic/topic-name.js';
import { encodeBareAck } from './acks.js';
import { Decoder } from './decode.js';
import { encode } from './encode.js';
import { Framer } from './framer.js';
import type { InboundPacket, OutboundPacket } from './packets.js';
import type { Properties } from './properties.js';
import { encodePublish } from './publish.js';
import { Slab } from './slab.js';

const bounds = { maxTopicBytes: 2000, maxTopicLevels: 100 };
const topics = new TopicTable(bounds, 64);

/** What a PUBLISH says, taken out of the buffer in which it lies. */
function settled(packet: InboundPacket): unknown {
  if (packet.type !== 'publish') return packet;
  const { topic, topicAlias, qos, retain, dup, packetId, properties } = packet;
  const payload = Buffer.from(packet.buffer.subarray(packet.payloadStart, packet.frameEnd));
  return {
    type: 'publish',
    topic: topic?.name,
    topicAlias,
    qos,
    retain,
    dup,
    packetId,
    properties,
    payload,
  };
}

/** The packets in `bytes`, that stand somewhere in a larger buffer; a ProtocolError becomes the last of them. */
function decodeAll(chunks: readonly Buffer[], version: 3 | 4 | 5 | undefined): unknown[] {
  const framer = new Framer(1_000_000);
  framer.connected = version !== undefined;
  const decoder = new Decoder(topics);
  decoder.version = version;
  const packets: unknown[] = [];
  try {
    for (const chunk of chunks) {
      framer.push(chunk);
      while (framer.next()) {
        packets.push(settled(decoder.decode(framer)));
        framer.connected = true;
      }
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    packets.push(`${error.reasonCode} ${error.message}`);
  }
  return packets;
}

function parseForeign(bytes: Buffer, version: 3 | 4 | 5): Packet {
  const packets: Packet[] = [];
  const parser = mqttPacket.parser({ protocolVersion: version });
  parser.on('packet', (packet: Packet) => packets.push(packet));
  parser.on('error', (error: Error) => {
    throw error;
  });
  parser.parse(bytes);
  const [packet] = packets;
  if (packet === undefined || packets.length > 1) throw new Error(`${packets.length} packets`);
  return packet;
}

const text = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .filter((one) => !one.includes('\u0000') && one.isWellFormed());
// The other codec keeps user properties in an object.
const word = text.filter((one) => one.length > 0 && !(one in Object.prototype));
const topicName = word.filter((one) => !/[+#]/.test(one));
const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
const uint16 = fc.nat(0xffff);
const uint32 = fc.nat(0xffff_ffff);
const packetId = fc.integer({ min: 1, max: 0xffff });
const qos = fc.constantFrom(0 as const, 1 as const, 2 as const);
const bit = fc.constantFrom(0 as const, 1 as const);
const pairs = fc
  .array(fc.tuple(word, text), { minLength: 1, maxLength: 4 })
  // Only the order within one name survives the other codec.
  .map((all) => all.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))));

const optional = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<
  Partial<T>
> => fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;

const messageProperties = {
  payloadFormatIndicator: bit,
  messageExpiryInterval: uint32,
  contentType: text,
  responseTopic: topicName,
  correlationData: bytes,
  userProperties: pairs,
};
const reasons = { reasonString: text, userProperties: pairs };

/** Our properties in the words of mqtt-packet. */
function toForeign(properties: Properties): Record<string, unknown> {
  const foreign: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'userProperties') foreign[name] = toObject(value as [string, string][]);
    else if (name === 'subscriptionIdentifiers') {
      const all = value as number[];
      foreign['subscriptionIdentifier'] = all.length === 1 ? all[0] : all;
    } else foreign[renamed[name] ?? name] = booleans.has(name) ? value === 1 : value;
  }
  return foreign;
}

const renamed: Record<string, string> = {
  maximumQos: 'maximumQoS',
  subscriptionIdentifierAvailable: 'subscriptionIdentifiersAvailable',
};
const booleans = new Set([
  'payloadFormatIndicator',
  'requestProblemInformation',
  'requestResponseInformation',
  'retainAvailable',
  'wildcardSubscriptionAvailable',
  'subscriptionIdentifierAvailable',
  'sharedSubscriptionAvailable',
]);

function toObject(list: readonly (readonly [string, string])[]): Record<string, string | string[]> {
  const object: Record<string, string | string[]> = {};
  for (const [name, value] of list) {
    const before = object[name];
    if (before === undefined) object[name] = value;
    else object[name] = [before, value].flat();
  }
  return object;
}

/** A client's packet: what mqtt-packet is told to write, and what we must read. */
interface Inbound {
  foreign: Packet;
  ours: unknown;
}

const noneOf = (properties: object): object | undefined =>
  Object.keys(properties).length === 0 ? undefined : toForeign(properties);

const will = fc.record({
  topic: topicName,
  payload: bytes.filter((one) => one.length > 0),
  qos,
  retain: fc.boolean(),
  properties: optional({ ...messageProperties, willDelayInterval: uint32 }),
});
const connectProperties = optional({
  sessionExpiryInterval: uint32,
  receiveMaximum: packetId,
  maximumPacketSize: fc.integer({ min: 1, max: 0xffff_ffff }),
  topicAliasMaximum: uint16,
  requestResponseInformation: bit,
  requestProblemInformation: bit,
  authenticationMethod: word,
  userProperties: pairs,
});

const connects = (version: 4 | 5): fc.Arbitrary<Inbound> =>
  fc
    .record({
      clientId: word,
      clean: fc.boolean(),
      keepalive: uint16,
      username: fc.option(word, { nil: undefined }),
      password: fc.option(
        bytes.filter((one) => one.length > 0),
        { nil: undefined },
      ),
      will: fc.option(will, { nil: undefined }),
      properties: connectProperties,
    })
    .map(({ clientId, clean, keepalive, username, password, properties, ...rest }) => {
      // The other codec knows no password without a user name; 5.0 does.
      const secret = username === undefined ? undefined : password;
      const v5 = version === 5;
      return {
        foreign: {
          cmd: 'connect',
          protocolId: 'MQTT',
          protocolVersion: version,
          clientId,
          clean,
          keepalive,
          ...(username === undefined ? {} : { username }),
          ...(secret === undefined ? {} : { password: secret }),
          ...(rest.will === undefined
            ? {}
            : {
                will: { ...rest.will, properties: v5 ? noneOf(rest.will.properties) : undefined },
              }),
          ...(v5 ? { properties: noneOf(properties) } : {}),
        } as Packet,
        ours: {
          type: 'connect',
          protocolVersion: version,
          cleanStart: clean,
          keepAliveSeconds: keepalive,
          clientId,
          username,
          password: secret,
          will:
            rest.will === undefined
              ? undefined
              : {
                  ...rest.will,
                  topic: expect.objectContaining({ name: rest.will.topic }),
                  properties: v5 ? rest.will.properties : {},
                },
          properties: v5 ? properties : {},
        },
      };
    });

const publishes = (version: 3 | 4 | 5): fc.Arbitrary<Inbound> =>
  fc
    .record({
      topic: topicName,
      payload: bytes,
      qos,
      retain: fc.boolean(),
      dup: fc.boolean(),
      messageId: packetId,
      properties: optional({ ...messageProperties, topicAlias: packetId }),
    })
    .map(({ properties, messageId, dup, ...rest }) => {
      const { topicAlias = 0, ...forwarded } = properties;
      const v5 = version === 5;
      const isDup = dup && rest.qos > 0;
      return {
        foreign: {
          cmd: 'publish',
          ...rest,
          dup: isDup,
          ...(rest.qos === 0 ? {} : { messageId }),
          ...(v5 ? { properties: noneOf(properties) } : {}),
        } as Packet,
        ours: {
          type: 'publish',
          ...rest,
          dup: isDup,
          packetId: rest.qos === 0 ? 0 : messageId,
          topicAlias: v5 ? topicAlias : 0,
          properties: v5 ? forwarded : {},
        },
      };
    });

const ackCodes = {
  puback: [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99],
  pubrec: [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99],
  pubrel: [0x00, 0x92],
  pubcomp: [0x00, 0x92],
} as const;
const ackTypes = ['puback', 'pubrec', 'pubrel', 'pubcomp'] as const;
type AckFields = Extract<OutboundPacket, { type: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp' }>;

const acks: fc.Arbitrary<AckFields> = fc.constantFrom(...ackTypes).chain((type) =>
  fc.record({
    type: fc.constant(type),
    packetId,
    reasonCode: fc.constantFrom(...ackCodes[type]),
    properties: optional(reasons),
  }),
);

const inboundAcks = (version: 3 | 4 | 5): fc.Arbitrary<Inbound> =>
  acks.map(({ type, packetId: messageId, reasonCode, properties }) => ({
    foreign: {
      cmd: type,
      messageId,
      ...(version === 5 ? { reasonCode, properties: noneOf(properties) } : {}),
    } as Packet,
    ours: {
      type,
      packetId: messageId,
      reasonCode: version === 5 ? reasonCode : 0,
      properties: version === 5 ? properties : {},
    },
  }));

const subscribes = (version: 3 | 4 | 5): fc.Arbitrary<Inbound> =>
  fc
    .record({
      messageId: packetId,
      requests: fc.array(
        fc.record({
          filter: word,
          qos,
          noLocal: fc.boolean(),
          retainAsPublished: fc.boolean(),
          retainHandling: fc.constantFrom(0 as const, 1 as const, 2 as const),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      properties: optional({
        subscriptionIdentifiers: fc.integer({ min: 1, max: 268_435_455 }).map((one) => [one]),
        userProperties: pairs,
      }),
    })
    .map(({ messageId, requests, properties }) => {
      const v5 = version === 5;
      return {
        foreign: {
          cmd: 'subscribe',
          messageId,
          subscriptions: requests.map((one) => ({
            topic: one.filter,
            qos: one.qos,
            ...(v5 ? { nl: one.noLocal, rap: one.retainAsPublished, rh: one.retainHandling } : {}),
          })),
          ...(v5 ? { properties: noneOf(properties) } : {}),
        } as Packet,
        ours: {
          type: 'subscribe',
          packetId: messageId,
          requests: v5
            ? requests
            : requests.map((one) => ({
                ...one,
                noLocal: false,
                retainAsPublished: false,
                retainHandling: 0,
              })),
          properties: v5 ? properties : {},
        },
      };
    });

const unsubscribes = (version: 3 | 4 | 5): fc.Arbitrary<Inbound> =>
  fc
    .record({
      messageId: packetId,
      filters: fc.array(word, { minLength: 1, maxLength: 4 }),
      properties: optional({ userProperties: pairs }),
    })
    .map(({ messageId, filters, properties }) => ({
      foreign: {
        cmd: 'unsubscribe',
        messageId,
        unsubscriptions: filters,
        ...(version === 5 ? { properties: noneOf(properties) } : {}),
      } as Packet,
      ours: {
        type: 'unsubscribe',
        packetId: messageId,
        filters,
        properties: version === 5 ? properties : {},
      },
    }));

const disconnects = (version: 3 | 4 | 5): fc.Arbitrary<Inbound> =>
  fc
    .record({
      reasonCode: fc.constantFrom(0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x97, 0x98),
      properties: optional({ sessionExpiryInterval: uint32, ...reasons }),
    })
    .map(({ reasonCode, properties }) => ({
      foreign: {
        cmd: 'disconnect',
        ...(version === 5 ? { reasonCode, properties: noneOf(properties) } : {}),
      } as Packet,
      ours: {
        type: 'disconnect',
        reasonCode: version === 5 ? reasonCode : 0,
        properties: version === 5 ? properties : {},
      },
    }));

const auths: fc.Arbitrary<Inbound> = fc
  .record({
    reasonCode: fc.constantFrom(0x00, 0x18, 0x19),
    properties: optional({ ...reasons, authenticationData: bytes }),
    method: word,
  })
  .map(({ reasonCode, properties, method }) => {
    const all = { ...properties, authenticationMethod: method };
    return {
      foreign: { cmd: 'auth', reasonCode, properties: noneOf(all) } as Packet,
      ours: { type: 'auth', reasonCode, properties: all },
    };
  });

const pingreqs: fc.Arbitrary<Inbound> = fc.constant({
  foreign: { cmd: 'pingreq' } as Packet,
  ours: { type: 'pingreq' },
});

/** Everything that a client sends after its CONNECT. */
const requests = (version: 3 | 4 | 5): fc.Arbitrary<Inbound> =>
  fc.oneof(
    publishes(version),
    inboundAcks(version),
    subscribes(version),
    unsubscribes(version),
    disconnects(version),
    pingreqs,
    ...(version === 5 ? [auths] : []),
  );

const generate = (packet: Packet, version: 3 | 4 | 5): Buffer =>
  mqttPacket.generate(packet, { protocolVersion: version });

const versions = [3, 4, 5] as const;

describe('what another codec writes, we read', () => {
  it.each([4, 5] as const)('a CONNECT of version %i', (version) => {
    fc.assert(
      fc.property(connects(version), ({ foreign, ours }) => {
        expect(decodeAll([generate(foreign, version)], undefined)).toEqual([ours]);
      }),
      { numRuns: 200 },
    );
  });

  it.each(versions)('every other packet of version %i', (version) => {
    fc.assert(
      fc.property(requests(version), ({ foreign, ours }) => {
        expect(decodeAll([generate(foreign, version)], version)).toEqual([ours]);
      }),
      { numRuns: 200 },
    );
  });
});

const connackProperties = optional({
  sessionExpiryInterval: uint32,
  receiveMaximum: packetId,
  maximumQos: bit,
  retainAvailable: bit,
  maximumPacketSize: fc.integer({ min: 1, max: 0xffff_ffff }),
  assignedClientIdentifier: text,
  topicAliasMaximum: uint16,
  wildcardSubscriptionAvailable: bit,
  subscriptionIdentifierAvailable: bit,
  sharedSubscriptionAvailable: bit,
  serverKeepAlive: uint16,
  responseInformation: text,
  serverReference: text,
  authenticationMethod: text,
  authenticationData: bytes,
  ...reasons,
});
const subackCodes = [0, 1, 2, 0x80, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2];
const unsubackCodes = [0, 0x11, 0x80, 0x83, 0x87, 0x8f, 0x91];

const outbound: fc.Arbitrary<OutboundPacket> = fc.oneof(
  fc.record({
    type: fc.constant('connack' as const),
    sessionPresent: fc.boolean(),
    reasonCode: fc.constantFrom(0, 0x80, 0x84, 0x85, 0x86, 0x87, 0x88, 0x97, 0x9f),
    properties: connackProperties,
  }),
  acks,
  fc.record({
    type: fc.constant('suback' as const),
    packetId,
    reasonCodes: fc.array(fc.constantFrom(...subackCodes), { minLength: 1, maxLength: 5 }),
    properties: optional(reasons),
  }),
  fc.record({
    type: fc.constant('unsuback' as const),
    packetId,
    reasonCodes: fc.array(fc.constantFrom(...unsubackCodes), { minLength: 1, maxLength: 5 }),
    properties: optional(reasons),
  }),
  fc.record({
    type: fc.constant('disconnect' as const),
    reasonCode: fc.constantFrom(0x00, 0x81, 0x82, 0x8b, 0x8d, 0x8e, 0x93, 0x95, 0x98),
    properties: optional({ ...reasons, serverReference: text }),
  }),
  fc.record({
    type: fc.constant('auth' as const),
    reasonCode: fc.constantFrom(0x00, 0x18),
    properties: optional({ ...reasons, authenticationMethod: word, authenticationData: bytes }),
  }),
  fc.constant({ type: 'pingresp' as const }),
);

/** A packet of ours in the words of mqtt-packet, as 5.0. */
function inForeignWords(packet: OutboundPacket): object {
  if (packet.type === 'pingresp') return { cmd: 'pingresp' };
  const { type, properties, ...rest } = packet;
  const list = toForeign(properties);
  const named = Object.keys(list).length === 0 ? {} : { properties: list };
  if ('reasonCodes' in rest) {
    return { cmd: type, messageId: rest.packetId, granted: rest.reasonCodes, ...named };
  }
  if ('packetId' in rest) {
    return { cmd: type, messageId: rest.packetId, reasonCode: rest.reasonCode, ...named };
  }
  return { cmd: type, ...rest, ...named };
}

describe('what we write, another codec reads', () => {
  it('every packet of 5.0 but PUBLISH', () => {
    fc.assert(
      fc.property(outbound, (packet) => {
        expect(parseForeign(encode(packet, 5), 5)).toMatchObject(inForeignWords(packet));
      }),
      { numRuns: 500 },
    );
  });

  it.each([3, 4] as const)(
    'every packet of version %i but PUBLISH, in what it can say',
    (version) => {
      fc.assert(
        fc.property(outbound, (packet) => {
          const written = encode(packet, version);
          if (packet.type === 'disconnect' || packet.type === 'auth') return written.length === 0;
          const read = parseForeign(written, version);
          const isSame = !('packetId' in packet) || read.messageId === packet.packetId;
          return read.cmd === packet.type && !('properties' in read) && isSame;
        }),
        { numRuns: 500 },
      );
    },
  );

  it('bare acknowledgements, which we read ourselves too', () => {
    fc.assert(
      fc.property(
        acks,
        fc.constantFrom(...versions),
        ({ type, packetId: id, reasonCode }, version) => {
          const slab = new Slab();
          const size = encodeBareAck(slab, type, id, reasonCode, version);
          const written = slab.buffer.subarray(slab.position - size, slab.position);
          const code = version === 5 ? reasonCode : 0;
          expect(parseForeign(written, version)).toMatchObject({ cmd: type, messageId: id });
          expect(decodeAll([written], version)).toEqual([
            { type, packetId: id, reasonCode: code, properties: {} },
          ]);
        },
      ),
    );
  });

  it.each(versions)('PUBLISH of version %i, which we read ourselves too', (version) => {
    const headers = fc.record({
      qos,
      retain: fc.boolean(),
      packetId,
      topicAlias: fc.oneof(fc.constant(0), packetId),
      aliasKnown: fc.boolean(),
    });
    const content = optional<Properties>(messageProperties);
    fc.assert(
      fc.property(
        topicName,
        bytes,
        content,
        headers,
        fc.boolean(),
        (name, payload, own, header, dup) => {
          const slab = new Slab();
          const aliasKnown = version === 5 && header.topicAlias !== 0 && header.aliasKnown;
          const topicAlias = version === 5 ? header.topicAlias : 0;
          const isDup = dup && header.qos > 0;
          const message = {
            address: topics.resolveName(name),
            buffer: payload,
            payloadStart: 0,
            payloadEnd: payload.length,
            content: own,
          };
          const size = encodePublish(
            slab,
            message,
            {
              ...header,
              version,
              topicAlias,
              aliasKnown,
              dup: isDup,
              subscriptionIdentifiers: undefined,
              messageExpiryInterval: own.messageExpiryInterval,
            },
            Infinity,
          );
          const written = slab.buffer.subarray(slab.position - size, slab.position);
          const shared = { qos: header.qos, retain: header.retain, dup: isDup, payload };
          const list = version === 5 ? own : {};
          expect(parseForeign(written, version)).toMatchObject({
            ...shared,
            topic: aliasKnown ? '' : name,
            ...(header.qos === 0 ? {} : { messageId: header.packetId }),
            ...(Object.keys(list).length === 0 ? {} : { properties: toForeign(list) }),
          });
          expect(decodeAll([written], version)).toEqual([
            {
              type: 'publish',
              ...shared,
              topic: aliasKnown ? undefined : name,
              topicAlias,
              packetId: header.qos === 0 ? 0 : header.packetId,
              properties: list,
            },
          ]);
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** Cuts, and puts each piece amid bytes that are not its own. */
function pieces(stream: Buffer, cuts: readonly number[], around: Buffer): Buffer[] {
  const at = [...new Set(cuts.map((cut) => cut % (stream.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, i) => {
    const piece = stream.subarray(from, at[i] ?? stream.length);
    const whole = Buffer.concat([around, piece, around]);
    return whole.subarray(around.length, around.length + piece.length);
  });
}

const cuts = fc.array(fc.nat(10_000), { maxLength: 30 });

describe('whatever way the bytes are cut', () => {
  it.each([4, 5] as const)('the packets of a session of version %i are the same', (version) => {
    const session = fc.tuple(connects(version), fc.array(requests(version), { maxLength: 8 }));
    fc.assert(
      fc.property(session, cuts, bytes, ([first, rest], at, around) => {
        const all = [first, ...rest];
        const stream = Buffer.concat(all.map(({ foreign }) => generate(foreign, version)));
        const packets = decodeAll(pieces(stream, at, around), undefined);
        expect(packets).toEqual(all.map(({ ours }) => ours));
      }),
      { numRuns: 200 },
    );
  });

  it('bytes that are no packets are refused alike, and nothing outside of them is read', () => {
    const mutations = fc.array(fc.tuple(fc.nat(10_000), fc.nat(255)), { maxLength: 4 });
    const noise = fc.uint8Array({ maxLength: 30 }).map((array) => Buffer.from(array));
    const streams = fc.constantFrom(...versions).chain((version) =>
      fc.tuple(
        fc.constant(version),
        fc.oneof(
          noise,
          fc
            .tuple(fc.array(requests(version), { minLength: 1, maxLength: 4 }), mutations)
            .map(([all, changes]) => {
              const stream = Buffer.concat(all.map(({ foreign }) => generate(foreign, version)));
              for (const [at, value] of changes) stream[at % stream.length] = value;
              return stream;
            }),
        ),
      ),
    );
    fc.assert(
      fc.property(streams, cuts, bytes, ([version, stream], at, around) => {
        const whole = decodeAll([stream], version);
        expect(decodeAll(pieces(stream, at, around), version)).toEqual(whole);
        // No piece may change what comes after it was read.
        expect(decodeAll(pieces(stream, at, Buffer.from(around).fill(0xff)), version)).toEqual(
          whole,
        );
      }),
      { numRuns: 500 },
    );
  });
});
