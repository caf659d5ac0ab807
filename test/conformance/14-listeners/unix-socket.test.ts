// MQTT over a Unix-domain socket, and the life of its file.
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RawClient, within } from '@hearth/testkit';
import { createBroker, ListenFailed, type Broker } from '@hearth/mqtt-broker';
import { afterwards, startServer, versions } from '../support/server.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-unix-'));
  path = join(folder, 'mqtt.sock');
});

afterEach(() => rm(folder, { recursive: true }));

async function open(version: 3 | 4 | 5 = 5): Promise<RawClient> {
  const socket = connect(path);
  await within(8000, 'the connection', once(socket, 'connect'));
  return new RawClient(socket, { version });
}

const brokerAt = (where: string): Broker =>
  createBroker({ listeners: [{ transport: 'unix', path: where }] });

describe.each(versions)('MQTT $name over a Unix-domain socket', ({ version }) => {
  it('connects and exchanges messages', async () => {
    const server = await startServer({ listeners: [{ transport: 'unix', path, name: 'local' }] });
    expect(server.broker.addresses).toContainEqual({ transport: 'unix', path, name: 'local' });
    const connected = server.next('connected');
    const client = await (await open(version)).connect({ version, clientId: 'u' });
    expect(await connected).toMatchObject({ transport: 'unix', address: 'unix' });
    await client.subscribe({ filter: 'a', qos: 2 });
    const tcp = await server.connect({ version });
    await tcp.publish({ topic: 'a', payload: 'x'.repeat(300_000), qos: 2 });
    await client.take({ payload: 'x'.repeat(300_000), qos: 2 });
    await client.disconnect();
  });
});

describe('the socket file', () => {
  it("is its user's alone, and gone after the stop", async () => {
    const server = await startServer({ listeners: [{ transport: 'unix', path }] });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await server.broker.stop();
    expect(existsSync(path)).toBe(false);
  });

  it('has the permissions that are asked for', async () => {
    await startServer({ listeners: [{ transport: 'unix', path, mode: 0o660 }] });
    expect((await stat(path)).mode & 0o777).toBe(0o660);
  });

  it('of a dead process is replaced', async () => {
    const code = `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`;
    const process = spawn('node', ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    await within(8000, 'the other process', once(process.stdout, 'data'));
    process.kill('SIGKILL');
    await once(process, 'exit');
    expect(existsSync(path)).toBe(true);
    await startServer({ listeners: [{ transport: 'unix', path }] });
    await (await open()).connect({ clientId: 'u' });
  });

  it('of a living one is left alone, and the error says so', async () => {
    const server = await startServer({ listeners: [{ transport: 'unix', path }] });
    await expect(brokerAt(path).start()).rejects.toThrow(
      `cannot listen for MQTT over unix on ${path}: another program listens there`,
    );
    await expect(brokerAt(path).start()).rejects.toMatchObject({ path, code: 'EADDRINUSE' });
    await (await open()).connect({ clientId: 'u' });
    expect(server.broker.clients()).toHaveLength(1);
  });

  it('is not made in place of a file that is no socket', async () => {
    await writeFile(path, 'precious');
    await expect(brokerAt(path).start()).rejects.toThrow('there is a file that is no socket');
    expect(await readFile(path, 'utf8')).toBe('precious');
  });

  it('is refused a name that the system would cut', async () => {
    const long = join(folder, 'x'.repeat(120));
    await expect(brokerAt(long).start()).rejects.toThrow(ListenFailed);
    await expect(brokerAt(long).start()).rejects.toThrow("a socket's path has at most");
  });

  it('is removed when another listener fails to start', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    afterwards(async () => void other.close());
    const { port } = other.address() as { port: number };
    const broker = createBroker({
      listeners: [
        { transport: 'unix', path },
        { transport: 'tcp', port, host: '127.0.0.1' },
      ],
    });
    await expect(broker.start()).rejects.toMatchObject({ port });
    expect(existsSync(path)).toBe(false);
  });
});
