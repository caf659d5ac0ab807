import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectRaw } from '@hearth/testkit';
import { parseArguments } from './arguments.js';
import { type Output, type Running, start } from './main.js';

const running: Running[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

interface Started {
  running: Running | undefined;
  port: number;
  lines: string[];
}

async function run(...args: string[]): Promise<Started> {
  const lines: string[] = [];
  const output: Output = {
    print: (line) => lines.push(line),
    printError: (line) => lines.push(`! ${line}`),
  };
  const started = await start(parseArguments(['node', 'hearth-broker', ...args]), output);
  if (started !== undefined) running.push(started);
  return { running: started, port: started?.broker.addresses[0]?.port ?? 0, lines };
}

describe('hearth-broker', () => {
  it('prints the address of every listener, and that it serves this machine only', async () => {
    const { running, lines } = await run('-p', '0', '--websocket-port', '0');
    const [tcp, websocket] = running?.broker.addresses ?? [];
    expect(lines).toEqual([
      `hearth-broker listening: tcp 127.0.0.1 ${tcp?.port}`,
      `hearth-broker listening: websocket 127.0.0.1 ${websocket?.port}`,
      'hearth-broker: local only mode: only clients on this machine can connect; ' +
        '-c or --allow-anonymous opens it to others',
    ]);
    const client = await connectRaw({ port: tcp?.port ?? 0 }, { version: 5, clientId: 'local' });
    client.cut();
  });

  it('listens on every loopback address and port that is asked for', async () => {
    const { port } = await run('-p', '0');
    await running.pop()?.stop();
    const { running: again } = await run('-p', String(port), '-p', '0');
    const hosts = again?.broker.addresses.map((one) => one.host);
    expect(hosts).toContain('127.0.0.1');
    expect(hosts?.every((host) => host === '127.0.0.1' || host === '::1')).toBe(true);
    expect(new Set(again?.broker.addresses.map((one) => one.port)).size).toBe(2);
  });

  it('wants to hear who may come in before it listens for others', async () => {
    expect((await run('-p', '0', '--host', '0.0.0.0')).lines).toEqual([
      '! hearth-broker: who may come in on 0.0.0.0? Say --allow-anonymous, or name users in a file with -c',
    ]);
    const { running, lines } = await run('-p', '0', '--host', '0.0.0.0', '--allow-anonymous');
    const [address] = running?.broker.addresses ?? [];
    expect(lines).toEqual([`hearth-broker listening: tcp 0.0.0.0 ${address?.port}`]);
  });

  it('names the port that is taken and the flag to change it', async () => {
    const { port } = await run('-p', '0', '--allow-anonymous', '--host', '127.0.0.1');
    const problem = `on 127.0.0.1 port ${port}: the port is already in use; choose another with`;
    expect((await run('-p', String(port))).lines).toEqual([
      `! hearth-broker: cannot listen for MQTT over tcp ${problem} --port`,
    ]);
    expect((await run('-p', '0', '--websocket-port', String(port))).lines).toEqual([
      `! hearth-broker: cannot listen for MQTT over websocket ${problem} --websocket-port`,
    ]);
  });

  it('does not go into the background', async () => {
    expect((await run('-p', '0', '-d')).lines).toEqual([
      '! hearth-broker: it does not put itself into the background; let systemd or nohup do it',
    ]);
  });

  it('prints who comes and goes when asked to', async () => {
    const { running, port, lines } = await run('-p', '0', '--verbose');
    const gone = new Promise((resolve) => {
      running?.broker.on('disconnected', resolve);
    });
    const client = await connectRaw({ port }, { version: 4, clientId: 'a "b"' });
    client.cut();
    await gone;
    expect(lines.slice(2).map((line) => line.replace(/^\S+ /, ''))).toEqual([
      String.raw`connected "a \"b\"" 127.0.0.1 tcp v4 "anonymous"`,
      String.raw`disconnected "a \"b\"" 127.0.0.1 socket-closed`,
    ]);
  });

  it('prints the packets of one client when asked to, without its password', async () => {
    const { port, lines } = await run('-p', '0', '--trace', 'c');
    const other = await connectRaw({ port }, { version: 5, clientId: 'other' });
    const client = await connectRaw(
      { port },
      { version: 4, clientId: 'c', username: 'u', password: 'TopSecret' },
    );
    await client.publish({ topic: 'a', payload: 'x', qos: 1 });
    await client.publish({ topic: 'a', payload: Buffer.from([0xff]), qos: 1 });
    client.cut();
    other.cut();
    await running.pop()?.stop();
    const traced = lines.filter((line) => line.includes(' trace 1 '));
    expect(traced.map((line) => line.replace(/^.* trace 1 /, ''))).toEqual([
      '-> CONNECT 29 bytes {"protocolVersion":4,"cleanStart":true,"keepAliveSeconds":0,"clientId":"c",' +
        '"username":"u","hasPassword":true}',
      '<- CONNACK 4 bytes {"sessionPresent":false,"reasonCode":0}',
      '-> PUBLISH 8 bytes {"dup":false,"qos":1,"retain":false,"topic":"a","packetId":1,' +
        '"payloadBytes":1,"payload":"x"}',
      '<- PUBACK 4 bytes {"packetId":1}',
      '-> PUBLISH 8 bytes {"dup":false,"qos":1,"retain":false,"topic":"a","packetId":2,' +
        '"payloadBytes":1,"payloadHex":"ff"}',
      '<- PUBACK 4 bytes {"packetId":2}',
    ]);
    expect(lines.at(-1)).toBe('trace ended: stop');
  });

  it('writes them into a capture file that only its owner may read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hearth-trace-'));
    const path = join(folder, 'c.pcap');
    const { port } = await run('-p', '0', '--trace', 'c', '--trace-file', path);
    const client = await connectRaw({ port }, { version: 5, clientId: 'c', password: 'TopSecret' });
    client.cut();
    await running.pop()?.stop();
    while ((await stat(path)).size < 150) await new Promise(setImmediate);
    const pcap = await readFile(path);
    expect(pcap.readUInt32BE(0)).toBe(0xa1b2c3d4);
    expect(pcap.includes('MQTT')).toBe(true);
    expect(pcap.includes('TopSecret')).toBe(false);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await rm(folder, { recursive: true });
  });

  it('says why a capture file cannot be written, and goes on', async () => {
    const { port, lines } = await run('-p', '0', '--trace', 'c', '--trace-file', '/no/such/file');
    while (!lines.some((line) => line.includes('ENOENT'))) await new Promise(setImmediate);
    const client = await connectRaw({ port }, { version: 5, clientId: 'c' });
    client.cut();
    expect((await run('-p', '0', '--trace-file', 'x')).lines).toEqual([
      '! hearth-broker: --trace-file needs --trace and a client identifier',
    ]);
  });

  it('prints nothing when asked to', async () => {
    expect((await run('-p', '0', '--quiet')).lines).toEqual([]);
  });
});
