import { connectRaw } from '@hearth/testkit';
import type { Broker } from '../broker.js';
import { type Output, start } from './main.js';

const running: Broker[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((broker) => broker.stop()));
});

async function run(...args: string[]): Promise<{ broker: Broker | undefined; lines: string[] }> {
  const lines: string[] = [];
  const output: Output = {
    print: (line) => lines.push(line),
    printError: (line) => lines.push(`! ${line}`),
  };
  const argv = ['node', 'hearth-broker', '--host', '127.0.0.1', ...args];
  const broker = await start(argv, output);
  if (broker !== undefined) running.push(broker);
  return { broker, lines };
}

describe('hearth-broker', () => {
  it('prints the address of every listener, and that it lets nobody in', async () => {
    const { broker, lines } = await run('-p', '0', '--websocket-port', '0');
    const [tcp, websocket] = broker?.addresses ?? [];
    expect(lines).toEqual([
      `hearth-broker listening: tcp 127.0.0.1 ${tcp?.port}`,
      `hearth-broker listening: websocket 127.0.0.1 ${websocket?.port}`,
      'hearth-broker: every client is refused; --allow-anonymous lets everyone in',
    ]);
  });

  it('names the port that is taken and the flag to change it', async () => {
    const { broker } = await run('-p', '0', '--allow-anonymous');
    const port = broker?.addresses.at(0)?.port ?? 0;
    const problem = `on 127.0.0.1 port ${port}: the port is already in use; choose another with`;
    expect((await run('-p', String(port))).lines).toEqual([
      `! hearth-broker: cannot listen for MQTT over tcp ${problem} --port`,
    ]);
    expect((await run('-p', '0', '--websocket-port', String(port))).lines).toEqual([
      `! hearth-broker: cannot listen for MQTT over websocket ${problem} --websocket-port`,
    ]);
  });

  it('prints who comes and goes when asked to', async () => {
    const { broker, lines } = await run('-p', '0', '--allow-anonymous', '--verbose');
    const gone = new Promise((resolve) => {
      broker?.on('disconnected', resolve);
    });
    const port = broker?.addresses.at(0)?.port ?? 0;
    const client = await connectRaw({ port }, { version: 4, clientId: 'a "b"' });
    client.cut();
    await gone;
    expect(lines.slice(1).map((line) => line.replace(/^\S+ /, ''))).toEqual([
      String.raw`connected "a \"b\"" 127.0.0.1 tcp v4`,
      String.raw`disconnected "a \"b\"" 127.0.0.1 socket-closed`,
    ]);
  });
});
