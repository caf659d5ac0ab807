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

  it('prints nothing when asked to', async () => {
    expect((await run('-p', '0', '--quiet')).lines).toEqual([]);
  });
});
