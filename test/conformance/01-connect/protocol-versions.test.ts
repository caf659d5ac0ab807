// [MQTT-3.1.2-1] [MQTT-3.1.2-2] Protocol name and version that the server does not speak.
import { startServer } from '../support/server.js';

describe('a level of 3.x that is not spoken', () => {
  // 0x83 and 0x84 are what bridges of other servers try first.
  it.each([
    ['MQIsdp', 2],
    ['MQIsdp', 4],
    ['MQIsdp', 0x83],
    ['MQTT', 0],
    ['MQTT', 3],
    ['MQTT', 0x84],
  ])('%s %d is told return code 1 [MQTT-3.1.2-2] [MQTT3-3.2.2-5]', async (name, level) => {
    const server = await startServer();
    const client = await server.open({ version: 4 });
    client.send(`10 < "${name}" ${level.toString(16).padStart(2, '0')} 02 0000 "c" >`);
    await client.expect('connack', { returnCode: 1, sessionPresent: false });
    await client.expectClosed();
  });
});

describe('an unknown protocol', () => {
  it.each([
    ['name', '10 < "MQTX" 04 02 0000 "c" >'],
    ['name in small letters', '10 < "mqtt" 04 02 0000 "c" >'],
    ['empty name', '10 < "" 04 02 0000 "c" >'],
    ['old name with a new level', '10 < "MQIsdp" 05 02 0000 <> "c" >'],
  ])('%s: the connection is closed [MQTT-4.13.2-1]', async (_what, bytes) => {
    const server = await startServer();
    const client = await server.open({ version: 4 });
    client.send(bytes);
    // A CONNACK that says "unsupported protocol version" may come first.
    const last = await client.expectEnd();
    expect([undefined, 'connack']).toContain(last?.cmd);
    expect(last?.bytes[3]).not.toBe(0);
  });

  it.each([2, 6, 127])(
    'level %d is told 3.1.1 return code 1 or reason code 0x84',
    async (level) => {
      const server = await startServer();
      const client = await server.open({ version: 4 });
      client.send(`10 < "MQTT" ${level.toString(16).padStart(2, '0')} 02 0000 "c" >`);
      const { bytes } = await client.expect('connack');
      // With the properties of 5.0 or without them: the client's version is not known.
      expect(['20020001', '2003008400']).toContain(bytes.toString('hex'));
      await client.expectClosed();
    },
  );
});
