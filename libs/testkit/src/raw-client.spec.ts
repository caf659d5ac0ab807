import { duplexPair } from './duplex-pair.js';
import { closeRawClients, RawClient } from './raw-client.js';
import { wire } from './wire/notation.js';

function pair(): { client: RawClient; say: (text: string) => void; hangUp: () => void } {
  const [near, far] = duplexPair();
  return {
    client: new RawClient(near, { name: 'c1', waitMs: 50 }),
    say: (text) => void far.write(wire(text)),
    hangUp: () => void far.end(),
  };
}

describe('RawClient', () => {
  beforeEach(() => {
    closeRawClients();
  });

  it('complains about what nobody read and ends that nobody expected', async () => {
    const { client, say, hangUp } = pair();
    say('d000 4002 0007');
    hangUp();
    await client.expect('pingresp');
    expect(closeRawClients()).toEqual([
      expect.stringContaining('c1: unread PUBACK'),
      expect.stringContaining('c1: the server ended the connection'),
    ]);
    expect(closeRawClients()).toEqual([]);
  });

  it('does not complain about an end that was expected', async () => {
    const { client, hangUp } = pair();
    hangUp();
    await client.expectClosed();
    expect(closeRawClients()).toEqual([]);
  });

  it('hands over packets one by one, however their bytes are cut', async () => {
    const { client, say } = pair();
    say(`30 < "a" <> 'x' > 40 02`);
    say('0007');
    await client.expect('publish', { topic: 'a', payload: 'x', qos: 0 });
    await client.expect('puback', { messageId: 7 });
  });

  it('says what was wanted and what came instead', async () => {
    const { client, say } = pair();
    say('40 02 0007');
    await expect(client.expect('puback', { messageId: 8 })).rejects.toThrow(
      /c1: wanted PUBACK \{"messageId":8\}, got PUBACK .*\[40020007\] \(messageId: wanted 8, got 7\)/,
    );
  });

  it('says what it waited for in vain', async () => {
    const { client } = pair();
    await expect(client.expect('suback')).rejects.toThrow(
      'c1 waited for SUBACK {}: nothing came within 50 ms',
    );
  });

  it('refuses a packet where the end was expected, and the end where a packet was', async () => {
    const talkative = pair();
    talkative.say('d000');
    await expect(talkative.client.expectClosed()).rejects.toThrow('got PINGRESP');
    const silent = pair();
    silent.hangUp();
    await expect(silent.client.expect('pingresp')).rejects.toThrow('got the end of the connection');
  });

  it('refuses bytes that are no packet', async () => {
    const { client, say } = pair();
    say('d100');
    await expect(client.expectAny()).rejects.toThrow('no packet: d100');
  });

  it('fails to see nothing when something came before the PINGRESP', async () => {
    const { client, say } = pair();
    say(`30 < "a" <> > d000`);
    await expect(client.expectNothing()).rejects.toThrow('wanted nothing but the PINGRESP');
  });

  it('takes packets in any order where the order is free', async () => {
    const { client, say } = pair();
    say('40 02 0001 40 02 0002');
    const [second] = await client.expectInAnyOrder('puback', [{ messageId: 2 }, { messageId: 1 }]);
    expect(second?.messageId).toBe(2);
  });

  it('wants the reason code on 5.0 and only the end on 3.1.1', async () => {
    const { client, say, hangUp } = pair();
    say('e0 01 8e');
    hangUp();
    await expect(client.expectDisconnected(0x82)).rejects.toThrow('0x8e, wanted 0x82');
    const [near, far] = duplexPair();
    far.end();
    await new RawClient(near, { version: 4 }).expectDisconnected(0x82);
  });
});
