// The brokers that are measured, each a process of its own on a free port.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Login } from './frames.js';

const START_TIMEOUT_MS = 10_000;
const hearthBroker = fileURLToPath(
  new URL('../../../libs/mqtt-broker/bin/hearth-broker.js', import.meta.url),
);
const HEARTH_LOGIN: Login = { username: 'bench', password: 'bench-secret' };
/** That login, as `mosquitto_passwd` writes it. */
const PASSWORD_LINE =
  'bench:$7$101$b3J16dCVqchiy7wT$rV9ywUab8u1pKK5SzfPFnuK0xusUC0pcKcNLX5sqrW/7+zRkJyOsZxos5cFvGzpsqr/vWnUkkstPBvOhkd+96A==\n';

export type PeerName = 'hearth' | 'mosquitto' | 'aedes' | 'bare';

export interface Peer {
  readonly name: PeerName;
  readonly port: number;
  readonly pid: number;
  /** What clients show; undefined where everybody may enter. */
  readonly login: Login | undefined;
  stop(): Promise<void>;
}

/** Undefined where it is not installed. */
export const startPeer: Record<PeerName, () => Promise<Peer | undefined>> = {
  hearth: startHearth,
  mosquitto: startMosquitto,
  aedes: () => startScript('aedes', 'aedes-server.js'),
  bare: () => startScript('bare', 'bare-server.js'),
};

/** What Node can acknowledge without a broker, at once or after a pause in the place of a commit. */
export async function startBareAcks(pauseMs: number): Promise<Peer> {
  const port = await freePort();
  const entry = fileURLToPath(new URL('ack-server.js', import.meta.url));
  return startNode('bare', entry, [String(port), String(pauseMs)], port);
}

/** Ours as the command with a password file and an ACL file: the others are measured without. */
async function startHearth(): Promise<Peer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'hearth-bench-'));
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const rights = ['site/+/status', 'probe/#', 'bench/#'].map(
    (filter) => `topic readwrite ${filter}`,
  );
  const settings = {
    listeners: [{ transport: 'tcp', port, host: '127.0.0.1' }],
    passwordFile: file('passwords', PASSWORD_LINE),
    aclFile: file('acl', ['user bench', ...rights, ''].join('\n')),
  };
  const config = file('hearth.json', JSON.stringify(settings));
  const peer = await startNode('hearth', hearthBroker, ['-c', config], port, HEARTH_LOGIN);
  return { ...peer, stop: () => peer.stop().then(() => rmSync(folder, { recursive: true })) };
}

async function startScript(name: PeerName, file: string): Promise<Peer> {
  const port = await freePort();
  const entry = fileURLToPath(new URL(file, import.meta.url));
  return startNode(name, entry, [String(port)], port);
}

async function startNode(
  name: PeerName,
  entry: string,
  args: readonly string[],
  port: number,
  login?: Login,
): Promise<Peer> {
  // For `--cpu-prof` and the like.
  const flags = (process.env['BENCH_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');
  const child = spawn(process.execPath, [...flags, entry, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return started(name, port, child, login);
}

/** Undefined where Mosquitto is not installed. */
async function startMosquitto(): Promise<Peer | undefined> {
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

async function started(
  name: PeerName,
  port: number,
  child: ChildProcess,
  login?: Login,
): Promise<Peer> {
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
  return { name, port, pid: child.pid ?? 0, login, stop };
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
