// Not in the specification: a trace as a capture file, read back by a dissector that is not ours.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connect, needsTool } from '@hearth/testkit';
import { PcapWriter, toPcap } from '@hearth/mqtt-broker';
import { afterwards, startServer, versions } from '../support/server.js';

const tshark = needsTool('tshark');
const run = promisify(execFile);

const fields = [
  'ip.src',
  'ipv6.src',
  'tcp.dstport',
  'tcp.seq_raw',
  'tcp.ack_raw',
  'tcp.len',
  'mqtt.msgtype',
  'mqtt.topic',
  'mqtt.ver',
  'mqtt.clientid',
  'tcp.checksum.status',
  'ip.checksum.status',
  '_ws.expert.message',
] as const;
type Row = Record<(typeof fields)[number], string>;

/** What tshark sees in each frame. */
async function dissect(pcap: Buffer): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-pcap-'));
  afterwards(() => rm(folder, { recursive: true }));
  const file = join(folder, 'trace.pcap');
  await writeFile(file, pcap);
  const { stdout } = await run(tshark.path, [
    '-r',
    file,
    '-o',
    'tcp.check_checksum:TRUE',
    '-o',
    'ip.check_checksum:TRUE',
    '-T',
    'fields',
    '-E',
    'separator=|',
    ...fields.flatMap((field) => ['-e', field]),
  ]);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const values = line.split('|');
      return Object.fromEntries(fields.map((field, i) => [field, values[i] ?? ''])) as Row;
    });
}

const GOOD = '1';
const IN = ['in', 'out'] as const;
const OUT = ['out', 'in'] as const;
const types = (rows: Row[]): string[] =>
  rows.flatMap((row) => row['mqtt.msgtype'].split(',').filter((type) => type !== ''));

tshark.describe('a capture file', () => {
  it.each(versions)('is seen as MQTT $name', async ({ version }) => {
    const server = await startServer();
    const trace = server.broker.trace({ clientId: 'c' });
    const client = await server.connect({ version, clientId: 'c', username: 'u', password: 'pw' });
    await client.subscribe({ filter: 'in/#', qos: 2 });
    await client.publish({ topic: 'out/a', payload: 'x', qos: 2 });
    server.broker.publish({ topic: 'in/b', payload: 'y', qos: 1 });
    await client.take({ topic: 'in/b' });
    await client.roundTrip();
    await client.disconnect();
    const rows = await dissect(toPcap(trace));
    expect(types(rows).map(Number)).toEqual([1, 2, 8, 9, 3, 5, 6, 7, 3, 4, 12, 13, 14]);
    expect(rows[0]).toMatchObject({
      'ip.src': '127.0.0.1',
      'tcp.dstport': '1883',
      'mqtt.ver': String(version),
      'mqtt.clientid': 'c',
    });
    expect(rows.map((row) => row['mqtt.topic']).filter((topic) => topic !== '')).toEqual([
      'in/#',
      'out/a',
      'in/b',
    ]);
    for (const row of rows) {
      expect(row).toMatchObject({
        'tcp.checksum.status': GOOD,
        'ip.checksum.status': GOOD,
        '_ws.expert.message': '',
      });
    }
    // Each side acknowledges all that the other has sent.
    const sent = { in: 1, out: 1 };
    for (const row of rows) {
      const [side, other] = row['tcp.dstport'] === '1883' ? IN : OUT;
      expect([row['tcp.seq_raw'], row['tcp.ack_raw']]).toEqual([`${sent[side]}`, `${sent[other]}`]);
      sent[side] += Number(row['tcp.len']);
    }
  });

  it('has packets of any size, cut into segments', async () => {
    const server = await startServer();
    const trace = server.broker.trace({ clientId: 'c' });
    const client = await server.connect({ clientId: 'c' });
    await client.publish({ topic: 'large', payload: Buffer.alloc(200_000, 1), qos: 1 });
    await client.publish({ topic: 'small', payload: 'x', qos: 1 });
    const rows = await dissect(toPcap(trace));
    expect(types(rows).map(Number)).toEqual([1, 2, 3, 4, 3, 4]);
    expect(rows.map((row) => row['_ws.expert.message']).join('')).toBe('');
    expect(
      rows
        .map((row) => row['mqtt.topic'])
        .join(' ')
        .trim()
        .split(/ +/),
    ).toEqual(['large', 'small']);
  });

  it('of a trace that began later has a CONNECT that tells the version', async () => {
    const server = await startServer();
    const client = await server.connect({ clientId: 'c' });
    const trace = server.broker.trace({ clientId: 'c' });
    await client.publish({ topic: 'a', qos: 1, properties: { userProperties: [['k', 'v']] } });
    const rows = await dissect(toPcap(trace));
    expect(types(rows).map(Number)).toEqual([1, 3, 4]);
    expect(rows[0]).toMatchObject({ 'mqtt.ver': '5', 'mqtt.clientid': 'c' });
    expect(rows[1]).toMatchObject({ 'mqtt.topic': 'a', '_ws.expert.message': '' });
  });

  it('is written packet by packet too, and has no secret', async () => {
    const server = await startServer({ grants: {} });
    const writer = new PcapWriter();
    const parts = [writer.header()];
    const onPacket = (packet: Parameters<PcapWriter['write']>[0]): void =>
      void parts.push(writer.write(packet));
    server.broker.trace({ address: '127.0.0.1' }, { onPacket });
    for (const clientId of ['one', 'two']) {
      const client = await server.open();
      client.send(connect({ clientId, username: 'u', password: 'TopSecret' }));
      await client.expectEnd();
    }
    const pcap = Buffer.concat(parts);
    expect(pcap.includes('TopSecret')).toBe(false);
    const rows = await dissect(pcap);
    expect(types(rows).map(Number)).toEqual([1, 2, 1, 2]);
    expect(rows.map((row) => row['mqtt.clientid'])).toEqual(['one', '', 'two', '']);
    expect(new Set(rows.map((row) => row['_ws.expert.message']))).toEqual(new Set(['']));
  });

  it('has addresses of version 6, and stand-ins for those that are none', async () => {
    const server = await startServer();
    const trace = server.broker.trace({ clientId: 'c' });
    await server.connect({ clientId: 'c' });
    const sources = async (addresses: string[]): Promise<string[]> => {
      const packets = addresses.flatMap((address, number) =>
        trace
          .packets()
          .map((packet) => ({ ...packet, connection: { ...packet.connection, address, number } })),
      );
      const rows = await dissect(toPcap({ packets: () => packets }));
      expect(types(rows).map(Number)).toEqual(addresses.flatMap(() => [1, 2]));
      expect(rows.every((row) => row['tcp.checksum.status'] === GOOD)).toBe(true);
      const connects = rows.filter((row) => row['mqtt.clientid'] === 'c');
      return connects.map((row) => row['ip.src'] + row['ipv6.src']);
    };
    expect(await sources(['fe80::1:abcd%eth0', '::1', '64:ff9b::192.0.2.33', '10.1.2.3'])).toEqual([
      'fe80::1:abcd',
      '::1',
      '64:ff9b::c000:221',
      '10.1.2.3',
    ]);
    const none = [
      'unknown',
      '/run/mqtt',
      '1::2::3',
      '1:2',
      'x::',
      '1.2.3.256',
      '::1:2:3:4:5:6:7:8',
    ];
    expect(await sources(none)).toEqual(none.map(() => '192.0.2.2'));
  });
});
