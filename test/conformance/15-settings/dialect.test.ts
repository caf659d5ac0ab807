// [MQTT-3.1.4-1] [MQTT-4.13.1-1] What ends a connection ends it in either dialect; Mosquitto's has other words for it, or none.
import { connect } from '@hearth/testkit';
import { startServer, type TestServer } from '../support/server.js';

const dialects = ['specification', 'mosquitto'] as const;
type Dialect = (typeof dialects)[number];
/** A reason code, or nothing. */
type Told = number | undefined;

const CONNECT = '10 < "MQTT" 05';
const connects: [string, string, Record<Dialect, Told>][] = [
  [
    'a property of another packet',
    `${CONNECT} 02 0000 < 01 00 > "c" >`,
    { specification: 0x81, mosquitto: 0x82 },
  ],
  [
    'a property of another packet in a will',
    `${CONNECT} 06 0000 <> "c" < 21 0001 > "w" <> >`,
    { specification: 0x81, mosquitto: 0x82 },
  ],
  [
    'a truncated property of another packet',
    `${CONNECT} 02 0000 < 01 > "c" >`,
    { specification: 0x81, mosquitto: 0x81 },
  ],
  [
    'a client identifier with U+0000',
    `${CONNECT} 02 0000 <> 0001 00 >`,
    { specification: 0x81, mosquitto: 0x85 },
  ],
  [
    'a user name with U+0000',
    `${CONNECT} 82 0000 <> "c" 0001 00 >`,
    { specification: 0x81, mosquitto: undefined },
  ],
  [
    'no user name where one is announced',
    `${CONNECT} 82 0000 <> "c" >`,
    { specification: 0x81, mosquitto: undefined },
  ],
  [
    'a will topic with U+0000',
    `${CONNECT} 06 0000 <> "c" <> 0001 00 <> >`,
    { specification: 0x81, mosquitto: undefined },
  ],
];

const others: [string, string, Record<Dialect, Told>][] = [
  ['AUTH with flags', 'f1 <>', { specification: 0x81, mosquitto: 0x82 }],
  ["DISCONNECT with a server's reason", 'e0 < 8b >', { specification: 0x82, mosquitto: undefined }],
  [
    'DISCONNECT with a property of another packet',
    'e0 < 00 < 01 00 > >',
    { specification: 0x81, mosquitto: 0x82 },
  ],
  ['PINGREQ with a body', 'c0 < 00 >', { specification: 0x81, mosquitto: undefined }],
  [
    'a remaining length of five bytes',
    'c0 8080808001',
    { specification: 0x81, mosquitto: undefined },
  ],
  ['PUBACK with packet identifier 0', '40 < 0000 >', { specification: 0x81, mosquitto: 0x82 }],
  ['SUBSCRIBE with packet identifier 0', '82 < 0000 <> "a" 00 >', both(0x81)],
  ['SUBSCRIBE at QoS 3', '82 < 0001 <> "a" 03 >', { specification: 0x82, mosquitto: 0x81 }],
  ['SUBSCRIBE with a property of another packet', '82 < 0001 < 01 00 > "a" 00 >', both(0x81)],
  ['a wildcard in a topic name', '30 < "a/#" <> >', { specification: 0x90, mosquitto: 0x81 }],
  ['neither topic name nor alias', '30 < "" <> >', { specification: 0x82, mosquitto: 0x81 }],
];

function both(reasonCode: number): Record<Dialect, Told> {
  return { specification: reasonCode, mosquitto: reasonCode };
}

/** What Mosquitto ends a connection for, and the specification lets pass or refuses by itself. */
const stricter: [string, string, Told][] = [
  ['a control character in a topic name', '30 < 0002 6101 <> >', 0x81],
  ['a non-character in a topic name', '30 < 0003 efbfbf <> >', 0x81],
  ['a control character in a topic filter', '82 < 0001 <> 0002 6101 00 >', 0x81],
  ['an empty topic filter', '82 < 0001 <> "" 00 >', 0x81],
  ['an empty topic filter in UNSUBSCRIBE', 'a2 < 0001 <> "" >', 0x81],
  ['# that is not last', '82 < 0001 <> "#/a" 00 >', 0x81],
  ['# that is not last in UNSUBSCRIBE', 'a2 < 0001 <> "#/a" >', 0x81],
  ['a topic filter of too many levels', `82 < 0001 <> "${'/'.repeat(300)}" 00 >`, 0x81],
  ['a share name with a wildcard', '82 < 0001 <> "$share/+/a" 00 >', 0x82],
  ['a share of nothing', '82 < 0001 <> "$share/a" 00 >', 0x82],
];

function start(dialect: Dialect): Promise<TestServer> {
  return startServer({ settings: { dialect } });
}

describe.each(dialects)('the dialect of the %s', (dialect) => {
  it.each(connects)('a CONNECT with %s', async (_, bytes, told) => {
    const client = await (await start(dialect)).open();
    client.send(bytes);
    const reasonCode = told[dialect];
    if (reasonCode !== undefined) await client.expect('connack', { reasonCode });
    await client.expectClosed();
  });

  it.each(others)('%s', async (_, bytes, told) => {
    const client = await (await start(dialect)).connect();
    client.send(bytes);
    const reasonCode = told[dialect];
    if (reasonCode === undefined) await client.expectClosed();
    else await client.expectDisconnected(reasonCode);
  });
});

describe('the dialect of Mosquitto', () => {
  it.each(stricter)('ends a connection for %s', async (_, bytes, reasonCode = 0) => {
    const client = await (await start('mosquitto')).connect();
    client.send(bytes);
    await client.expectDisconnected(reasonCode);
  });

  it.each(stricter)('and no other does for %s', async (_, bytes) => {
    const client = await (await start('specification')).connect();
    client.send(bytes);
    if (bytes.startsWith('82')) await client.expect('suback');
    if (bytes.startsWith('a2')) await client.expect('unsuback');
    await client.roundTrip();
  });

  it.each([4, 5] as const)(
    'lets no control characters in, in a CONNECT of level %d',
    async (version) => {
      const server = await start('mosquitto');
      for (const packet of [
        connect({ version, clientId: 'c\u0001' }),
        connect({ version, clientId: 'c', username: '\u009f' }),
        connect({ version, clientId: 'c', will: { topic: 'w\u007f' } }),
      ]) {
        const client = await server.open({ version });
        client.send(packet);
        if (version === 5 && packet.includes('c\u0001')) {
          await client.expect('connack', { reasonCode: 0x85 });
        }
        await client.expectClosed();
      }
    },
  );

  it('takes what it does not know for a repetition [MQTT-4.3.3-11]', async () => {
    const client = await (await start('mosquitto')).connect();
    client.send('62 < 0007 >');
    expect((await client.expect('pubcomp', { messageId: 7 })).reasonCode).toBe(0);
    client.send('50 < 0007 >');
    expect((await client.expect('pubrel', { messageId: 7 })).reasonCode).toBe(0);
  });
});
