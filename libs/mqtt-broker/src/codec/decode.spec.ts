// The judge is npm's mqtt-packet: what it writes we must read, what we write it must read.

import * as fc from 'fast-check';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { ProtocolError } from '../errors.js';
import { TopicTable } from '../topic/topic-name.js';
import { Decoder } from './decode.js';
import { Framer } from './framer.js';
import type { InboundPacket } from './packets.js';

function decodeBytes(bytes: Buffer, version: 3 | 4 | 5 | undefined): InboundPacket {
  const framer = new Framer(1_000_000);
  framer.connected = true;
  const decoder = new Decoder(new TopicTable({ maxTopicBytes: 1000, maxTopicLevels: 20 }, 16));
  decoder.version = version;
  framer.push(bytes);
  if (!framer.next()) throw new Error('no whole packet');
  return decoder.decode(framer);
}

function decodeForeign(packet: Packet, version: 4 | 5): InboundPacket {
  const bytes = mqttPacket.generate(packet, { protocolVersion: version });
  return decodeBytes(bytes, packet.cmd === 'connect' ? undefined : version);
}

/** Decoded, refused, or a bug: an exception of another kind. */
function whatHappens(bytes: Buffer, version: 3 | 4 | 5 | undefined): string {
  try {
    return decodeBytes(bytes, version).type;
  } catch (error) {
    return error instanceof ProtocolError ? 'refused' : 'bug';
  }
}

const text = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .filter((one) => !one.includes('\u0000'));
const topicText = text.filter((one) => one.length > 0 && !/[+#]/.test(one));
const qos = fc.constantFrom(0 as const, 1 as const, 2 as const);
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

describe(Decoder.name, () => {
  it.each([4, 5] as const)('reads every CONNECT that version %s can say', (version) => {
    const connects = fc.record({
      clientId: text.filter((one) => one.length > 0),
      clean: fc.boolean(),
      keepalive: fc.nat(65_535),
      username: text.filter((one) => one.length > 0),
      password: bytes.filter((one) => one.length > 0),
      topic: topicText,
      payload: bytes.filter((one) => one.length > 0),
      qos,
      retain: fc.boolean(),
    });
    fc.assert(
      fc.property(connects, ({ topic, payload, qos: willQos, retain, ...rest }) => {
        const will = { topic, payload, qos: willQos, retain };
        const packet = decodeForeign(
          { cmd: 'connect', protocolId: 'MQTT', protocolVersion: version, ...rest, will },
          version,
        );
        expect(packet).toMatchObject({
          type: 'connect',
          protocolVersion: version,
          cleanStart: rest.clean,
          keepAliveSeconds: rest.keepalive,
          clientId: rest.clientId,
          username: rest.username,
          password: rest.password,
          will: { topic: { name: topic }, payload, qos: willQos, retain },
        });
      }),
    );
  });

  it.each([4, 5] as const)('reads every PUBLISH that version %s can say', (version) => {
    const publishes = fc.record({
      topic: topicText,
      payload: bytes,
      qos,
      retain: fc.boolean(),
      messageId: fc.integer({ min: 1, max: 65_535 }),
    });
    fc.assert(
      fc.property(publishes, (fields) => {
        const packet = decodeForeign({ cmd: 'publish', dup: fields.qos > 0, ...fields }, version);
        if (packet.type !== 'publish') throw new Error(`decoded ${packet.type}`);
        expect(packet.topic?.name).toBe(fields.topic);
        expect(packet.qos).toBe(fields.qos);
        expect(packet.dup).toBe(fields.qos > 0);
        expect(packet.packetId).toBe(fields.qos === 0 ? 0 : fields.messageId);
        const payload = packet.buffer.subarray(packet.payloadStart, packet.frameEnd);
        expect(payload.equals(fields.payload)).toBe(true);
      }),
    );
  });

  it('reads every property of a PUBLISH and takes the alias out of what is forwarded', () => {
    const packet = decodeForeign(
      {
        cmd: 'publish',
        topic: 'a',
        payload: 'x',
        qos: 0,
        dup: false,
        retain: false,
        properties: {
          payloadFormatIndicator: true,
          messageExpiryInterval: 60,
          topicAlias: 7,
          responseTopic: 'r',
          correlationData: Buffer.from([1, 2]),
          userProperties: { k: ['1', '2'] },
          contentType: 'text/plain',
        },
      },
      5,
    );
    expect(packet).toMatchObject({ topicAlias: 7 });
    expect('properties' in packet && packet.properties).toEqual({
      payloadFormatIndicator: 1,
      messageExpiryInterval: 60,
      responseTopic: 'r',
      correlationData: Buffer.from([1, 2]),
      userProperties: [
        ['k', '1'],
        ['k', '2'],
      ],
      contentType: 'text/plain',
    });
  });

  it('reads SUBSCRIBE with its options, UNSUBSCRIBE and DISCONNECT', () => {
    const options = { qos: 2 as const, nl: true, rap: true, rh: 1 };
    const properties = { subscriptionIdentifier: 268_435_455 };
    expect(
      decodeForeign(
        {
          cmd: 'subscribe',
          messageId: 7,
          subscriptions: [{ topic: 'a/#', ...options }],
          properties,
        },
        5,
      ),
    ).toEqual({
      type: 'subscribe',
      packetId: 7,
      requests: [
        { filter: 'a/#', qos: 2, noLocal: true, retainAsPublished: true, retainHandling: 1 },
      ],
      properties: { subscriptionIdentifiers: [268_435_455] },
    });
    expect(
      decodeForeign({ cmd: 'unsubscribe', messageId: 8, unsubscriptions: ['a', 'b'] }, 4),
    ).toMatchObject({ type: 'unsubscribe', packetId: 8, filters: ['a', 'b'] });
    expect(decodeForeign({ cmd: 'disconnect', reasonCode: 4 }, 5)).toMatchObject({
      type: 'disconnect',
      reasonCode: 4,
    });
  });

  it('never throws anything but a ProtocolError, whatever the bytes', () => {
    const firsts = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(
        firsts,
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom(3 as const, 4 as const, 5 as const, undefined),
        (first, body, version) => {
          expect(whatHappens(Buffer.from([first, body.length, ...body]), version)).not.toBe('bug');
        },
      ),
      { numRuns: 3000 },
    );
  });
});

const rows: [name: string, version: 3 | 4 | 5 | undefined, hex: string, reasonCode: number][] = [
  ['CONNECT with the reserved flag', undefined, '100d00044d5154540403003c000161', 0x81],
  ['CONNECT of another protocol', undefined, '100d00044d5154580402003c000161', 0x82],
  ['CONNECT of level 6', undefined, '100d00044d5154540602003c000161', 0x84],
  ['CONNECT with will QoS without a will', undefined, '100d00044d515454040a003c000161', 0x81],
  [
    'CONNECT with a password alone in 3.1.1',
    undefined,
    '101000044d5154540442003c000161000170',
    0x81,
  ],
  ['CONNECT with bytes after its end', undefined, '100e00044d5154540402003c00016100', 0x81],
  ['CONNECT with flags', undefined, '110d00044d5154540402003c000161', 0x81],
  ['CONNECT with U+0000 in the client id', undefined, '100d00044d5154540402003c000100', 0x81],
  ['CONNECT with a surrogate', undefined, '100f00044d5154540402003c0003eda080', 0x81],
  ['a second CONNECT', 4, '100d00044d5154540402003c000161', 0x82],
  ['PUBLISH with QoS 3', 4, '3605000161000178', 0x81],
  ['PUBLISH with DUP at QoS 0', 4, '380400016178', 0x81],
  ['PUBLISH with packet id 0', 4, '3206000161000078', 0x81],
  ['PUBLISH that ends in its topic', 4, '3003000561', 0x81],
  ['PUBLISH with + in its topic', 4, '30050003612f2b', 0x90],
  ['PUBLISH with # in its topic', 5, '300400012300', 0x90],
  ['PUBLISH with an empty topic', 4, '30020000', 0x82],
  ['PUBLISH with neither topic nor alias', 5, '3003000000', 0x82],
  ['PUBLISH with U+0000 in its topic', 4, '3003000100', 0x81],
  ['PUBLISH with an overlong encoding', 4, '30040002c080', 0x81],
  ['PUBLISH with alias 0', 5, '300700016103230000', 0x94],
  ['PUBLISH with a property twice', 5, '30080001610401000100', 0x82],
  ['PUBLISH with a subscription identifier', 5, '3006000161020b01', 0x82],
  ['PUBLISH with an unknown property', 5, '3006000161027e00', 0x81],
  ['PUBLISH with a property of CONNECT', 5, '300700016103210001', 0x81],
  ['PUBLISH with payload format 2', 5, '3006000161020102', 0x82],
  ['PUBLISH with longer properties than packet', 5, '30050001610901', 0x81],
  ['PUBLISH with a non-minimal property length', 5, '30050001618000', 0x81],
  ['PUBLISH with a wildcard in its response topic', 5, '30080001610408000123', 0x82],
  ['PUBACK with an unknown reason code', 5, '4003000192', 0x82],
  ['PUBACK with packet id 0', 4, '40020000', 0x81],
  ['PUBACK with flags', 4, '41020001', 0x81],
  ['PUBREL without its flags', 4, '60020001', 0x81],
  ['SUBSCRIBE without its flags', 4, '8006000100016100', 0x81],
  ['SUBSCRIBE without a filter', 4, '82020001', 0x82],
  ['SUBSCRIBE with packet id 0', 4, '8206000000016100', 0x81],
  ['SUBSCRIBE with QoS 3', 4, '8206000100016103', 0x82],
  ['SUBSCRIBE with reserved bits', 4, '8206000100016104', 0x81],
  ['SUBSCRIBE with reserved bits in 5.0', 5, '820700010000016140', 0x81],
  ['SUBSCRIBE with retain handling 3', 5, '820700010000016130', 0x82],
  ['SUBSCRIBE with identifier 0', 5, '82090001020b0000016100', 0x82],
  ['UNSUBSCRIBE without a filter', 4, 'a2020001', 0x82],
  ['PINGREQ with a body', 4, 'c00100', 0x81],
  ['DISCONNECT with a body in 3.1.1', 4, 'e00100', 0x81],
  ['DISCONNECT with a reason of the server', 5, 'e0018b', 0x82],
  ['AUTH in 3.1.1', 4, 'f000', 0x81],
  ['CONNACK from a client', 4, '20020000', 0x82],
  ['SUBACK from a client', 4, '9003000100', 0x82],
  ['UNSUBACK from a client', 4, 'b0020001', 0x82],
  ['PINGRESP from a client', 4, 'd000', 0x82],
  ['packet type 0', 4, '0000', 0x82],
];

describe('a malformed packet', () => {
  it.each(rows)('%s is refused', (_name, version, hex, reasonCode) => {
    const refusal = (): InboundPacket => decodeBytes(Buffer.from(hex, 'hex'), version);
    expect(refusal).toThrow(ProtocolError);
    expect(refusal).toThrow(expect.objectContaining({ reasonCode }));
  });
});
