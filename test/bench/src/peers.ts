// The brokers that are measured, each a process of its own on a free port.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const START_TIMEOUT_MS = 10_000;
const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Peer {
  readonly name: 'hearth' | 'mosquitto' | 'aedes';
  readonly port: number;
  stop(): Promise<void>;
}

export async function startHearth(): Promise<Peer> {
  const port = await freePort();
  const entry = join(root, 'libs/mqtt-broker/bin/hearth-broker.js');
  return started('hearth', port, spawnNode([entry, '-p', String(port), '--allow-anonymous']));
}

export async function startAedes(): Promise<Peer> {
  const port = await freePort();
  const entry = fileURLToPath(new URL('./aedes-server.js', import.meta.url));
  return started('aedes', port, spawnNode([entry, String(port)]));
}

/** Undefined where Mosquitto is not installed. */
export async function startMosquitto(): Promise<Peer | undefined> {
  const program = ['/usr/sbin/mosquitto', 'mosquitto'].find(
    (path) => spawnSync(path, ['-h'], { stdio: 'ignore' }).error === undefined,
  );
  if (program === undefined) return undefined;
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'hearth-bench-'));
  const config = join(folder, 'mosquitto.conf');
  // Nothing may be dropped and nothing held back by Nagle: the comparison is about work done.
  writeFileSync(
    config,
    `listener ${port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nmax_queued_messages 0\nmax_inflight_messages 0\npersistence false\nlog_type none\n`,
  );
  const child = spawn(program, ['-c', config], { stdio: 'ignore' });
  const peer = await started('mosquitto', port, child);
  return {
    ...peer,
    stop: async () => {
      await peer.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function spawnNode(args: string[]): ChildProcess {
  return spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function started(name: Peer['name'], port: number, child: ChildProcess): Promise<Peer> {
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), 3_000);
    await exited;
    clearTimeout(kill);
  };
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await listens(port))) {
    if (Date.now() > deadline || child.exitCode !== null) {
      await stop();
      throw new Error(`${name} did not start on port ${port}`);
    }
  }
  return { name, port, stop };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => setTimeout(() => resolve(false), 30));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
