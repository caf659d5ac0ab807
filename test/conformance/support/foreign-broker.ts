// Mosquitto in place of our broker, to judge the judge: with CONFORMANCE_PEER=mosquitto every scenario
// that needs no option of ours runs against it. Where it differs, the specification decides.

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { needsTool } from '@hearth/testkit';

export const isForeign = process.env['CONFORMANCE_PEER'] === 'mosquitto';

/** Starts a Mosquitto that lets everybody in. */
export async function startForeign(): Promise<{ port: number; stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-mosquitto-'));
  const port = await freePort();
  const config = join(folder, 'mosquitto.conf');
  await writeFile(config, `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
  const server = spawn(needsTool('mosquitto').path, ['-c', config], { stdio: 'ignore' });
  const gone = once(server, 'exit');
  await untilListening(port);
  return {
    port,
    stop: async () => {
      server.kill();
      await gone;
      await rm(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = connect({ port, host: '127.0.0.1' });
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`Mosquitto does not listen on port ${port}`);
}
