import { generate } from 'mqtt-packet';
import { wire } from './notation.js';
import {
  acknowledgement,
  connect,
  disconnect,
  publish,
  subscribe,
  unsubscribe,
} from './packets.js';

describe('packets', () => {
  it('writes the CONNECT that mqtt-packet writes', () => {
    const will = { topic: 'w', payload: 'gone', qos: 1, retain: true } as const;
    const ours = connect({
      version: 5,
      clientId: 'c',
      cleanStart: false,
      keepAliveSeconds: 60,
      properties: { sessionExpiryInterval: 9, receiveMaximum: 7 },
      will: { ...will, properties: { willDelayInterval: 3 } },
      username: 'u',
      password: 'p',
    });
    expect(ours.toString('hex')).toBe(
      generate({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 5,
        clientId: 'c',
        clean: false,
        keepalive: 60,
        properties: { sessionExpiryInterval: 9, receiveMaximum: 7 },
        will: { ...will, properties: { willDelayInterval: 3 } },
        username: 'u',
        password: Buffer.from('p'),
      }).toString('hex'),
    );
  });

  it.each([
    [connect({ version: 4, clientId: 'c' }), '10 < "MQTT" 04 02 u16:0 "c" >'],
    [connect({ version: 3, clientId: 'c' }), '10 < "MQIsdp" 03 02 u16:0 "c" >'],
    [publish(4, { topic: 'a', payload: 'x' }), `30 < "a" 'x' >`],
    [
      publish(5, {
        topic: 'a',
        qos: 2,
        dup: true,
        retain: true,
        packetId: 258,
        properties: '0101',
      }),
      '3d < "a" 0102 < 01 01 > >',
    ],
    [acknowledgement('pubrel', 5), '62 02 0005'],
    [acknowledgement('pubrec', 5, 0x97), '50 03 0005 97'],
    [
      subscribe(5, 1, ['a', { filter: 'b', qos: 1, noLocal: true, retainHandling: 2 }]),
      '82 < 0001 <> "a" 00 "b" 25 >',
    ],
    [unsubscribe(4, 1, ['a']), 'a2 < 0001 "a" >'],
    [disconnect(), 'e000'],
    [disconnect(4, { sessionExpiryInterval: 1 }), 'e0 < 04 < 11 u32:1 > >'],
  ])('writes %p as %s', (bytes, notation) => {
    expect(bytes.toString('hex')).toBe(wire(notation).toString('hex'));
  });
});
