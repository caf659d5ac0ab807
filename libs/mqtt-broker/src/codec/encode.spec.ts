import * as fc from 'fast-check';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { Topic } from '../topic/topic-name.js';
import { encodeBareAck } from './acks.js';
import { encode } from './encode.js';
import type { OutboundPacket } from './packets.js';
import { NO_PROPERTIES } from './properties.js';
import { encodePublish, type PublishHeader } from './publish.js';
import { Slab } from './slab.js';

function parseForeign(bytes: Buffer, version: 3 | 4 | 5): Packet {
  const packets: Packet[] = [];
  const parser = mqttPacket.parser({ protocolVersion: version });
  parser.on('packet', (packet: Packet) => packets.push(packet));
  parser.on('error', (error: Error) => {
    throw error;
  });
  parser.parse(bytes);
  const [packet] = packets;
  if (packet === undefined) throw new Error('no whole packet');
  return packet;
}

function topicOf(name: string): Topic {
  const bytes = Buffer.from(name);
  return new Topic(
    name,
    Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]),
  );
}

const plain: PublishHeader = {
  version: 4,
  qos: 0,
  retain: false,
  dup: false,
  packetId: 0,
  topicAlias: 0,
  aliasKnown: false,
  subscriptionIdentifiers: undefined,
  messageExpiryInterval: undefined,
};

function publishBytes(
  name: string,
  payload: Buffer,
  header: Partial<PublishHeader>,
  maxBytes = Infinity,
  content = NO_PROPERTIES,
): Buffer {
  const slab = new Slab();
  const message = {
    address: topicOf(name),
    buffer: payload,
    payloadStart: 0,
    payloadEnd: payload.length,
    content,
  };
  const size = encodePublish(slab, message, { ...plain, ...header }, maxBytes);
  return slab.buffer.subarray(slab.position - size, slab.position);
}

describe(encodePublish.name, () => {
  it.each([4, 5] as const)('writes what another codec of version %s reads', (version) => {
    const fields = fc.record({
      qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
      retain: fc.boolean(),
      packetId: fc.integer({ min: 1, max: 65_535 }),
      payload: fc.uint8Array({ maxLength: 70_000 }),
    });
    fc.assert(
      fc.property(fields, ({ payload, ...header }) => {
        const bytes = publishBytes('home/ü/température', Buffer.from(payload), {
          version,
          ...header,
        });
        expect(parseForeign(bytes, version)).toMatchObject({
          cmd: 'publish',
          topic: 'home/ü/température',
          payload: Buffer.from(payload),
          qos: header.qos,
          retain: header.retain,
          ...(header.qos === 0 ? {} : { messageId: header.packetId }),
        });
      }),
      { numRuns: 60 },
    );
  });

  it('writes every property that travels, with alias, identifiers and the remaining expiry', () => {
    const content = {
      payloadFormatIndicator: 1,
      messageExpiryInterval: 100,
      contentType: 'c',
      responseTopic: 'r',
      correlationData: Buffer.from([9]),
      userProperties: [
        ['k', '1'],
        ['k', '2'],
      ],
    } as const;
    const bytes = publishBytes(
      'a',
      Buffer.from('x'),
      {
        version: 5,
        topicAlias: 3,
        subscriptionIdentifiers: [1, 300],
        messageExpiryInterval: 40,
      },
      Infinity,
      content,
    );
    const packet = parseForeign(bytes, 5);
    expect(packet).toHaveProperty('properties');
    expect('properties' in packet ? { ...packet.properties } : {}).toMatchObject({
      payloadFormatIndicator: true,
      messageExpiryInterval: 40,
      contentType: 'c',
      responseTopic: 'r',
      correlationData: Buffer.from([9]),
      topicAlias: 3,
      subscriptionIdentifier: [1, 300],
    });
  });

  it('leaves the name out when the alias is known', () => {
    const bytes = publishBytes('a/b', Buffer.from('x'), {
      version: 5,
      topicAlias: 3,
      aliasKnown: true,
    });
    expect(bytes.toString('hex')).toBe('300700000323000378');
  });

  it('drops properties for 3.1.1', () => {
    const bytes = publishBytes('a', Buffer.from('x'), {}, Infinity, { contentType: 'c' });
    expect(bytes.toString('hex')).toBe('300400016178');
  });

  it('writes nothing that is larger than the client takes', () => {
    expect(publishBytes('a', Buffer.alloc(10), {}, 15)).toHaveLength(15);
    expect(publishBytes('a', Buffer.alloc(11), {}, 15)).toHaveLength(0);
  });
});

describe(encode.name, () => {
  const packets: [OutboundPacket, object][] = [
    [
      { type: 'connack', sessionPresent: true, reasonCode: 0, properties: { receiveMaximum: 10 } },
      { cmd: 'connack', sessionPresent: true, reasonCode: 0, properties: { receiveMaximum: 10 } },
    ],
    [
      { type: 'suback', packetId: 9, reasonCodes: [0, 1, 0x87], properties: NO_PROPERTIES },
      { cmd: 'suback', messageId: 9, granted: [0, 1, 0x87] },
    ],
    [
      { type: 'unsuback', packetId: 9, reasonCodes: [0, 0x11], properties: NO_PROPERTIES },
      { cmd: 'unsuback', messageId: 9, granted: [0, 0x11] },
    ],
    [
      { type: 'puback', packetId: 9, reasonCode: 0x87, properties: { reasonString: 'no' } },
      { cmd: 'puback', messageId: 9, reasonCode: 0x87, properties: { reasonString: 'no' } },
    ],
    [{ type: 'pingresp' }, { cmd: 'pingresp' }],
    [
      { type: 'disconnect', reasonCode: 0x8e, properties: { reasonString: 'x' } },
      { cmd: 'disconnect', reasonCode: 0x8e, properties: { reasonString: 'x' } },
    ],
    [
      { type: 'auth', reasonCode: 0x18, properties: { authenticationMethod: 'SCRAM' } },
      { cmd: 'auth', reasonCode: 0x18, properties: { authenticationMethod: 'SCRAM' } },
    ],
  ];

  it.each(packets)('writes %j as 5.0', (packet, expected) => {
    expect(parseForeign(encode(packet, 5), 5)).toMatchObject(expected);
  });

  it('says to 3.1.1 what 3.1.1 can hear', () => {
    const connack: OutboundPacket = {
      type: 'connack',
      sessionPresent: false,
      reasonCode: 0x86,
      properties: { reasonString: 'no' },
    };
    expect(encode(connack, 4).toString('hex')).toBe('20020004');
    const suback: OutboundPacket = {
      type: 'suback',
      packetId: 9,
      reasonCodes: [2, 0x87],
      properties: NO_PROPERTIES,
    };
    expect(encode(suback, 4).toString('hex')).toBe('900400090280');
    expect(encode({ ...suback, type: 'unsuback' }, 4).toString('hex')).toBe('b0020009');
    const disconnect: OutboundPacket = {
      type: 'disconnect',
      reasonCode: 0x8e,
      properties: NO_PROPERTIES,
    };
    expect(encode(disconnect, 4)).toHaveLength(0);
  });

  it('never tells 3.1 of a session', () => {
    const connack: OutboundPacket = {
      type: 'connack',
      sessionPresent: true,
      reasonCode: 0,
      properties: NO_PROPERTIES,
    };
    expect(encode(connack, 3).toString('hex')).toBe('20020000');
    expect(encode(connack, 4).toString('hex')).toBe('20020100');
  });
});

describe(encodeBareAck.name, () => {
  it.each([
    ['puback', 0, 5, '40021234'],
    ['pubrec', 0x87, 5, '5003123487'],
    ['pubrel', 0, 4, '62021234'],
    ['pubcomp', 0x92, 4, '70021234'],
  ] as const)('writes %s with reason 0x%x for version %i', (type, reasonCode, version, hex) => {
    const slab = new Slab();
    const size = encodeBareAck(slab, type, 0x1234, reasonCode, version);
    expect(slab.buffer.toString('hex', slab.position - size, slab.position)).toBe(hex);
  });
});
