// How the api starts the simulator: where it is installed, and how it finds its way back.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { LOCAL_TOKEN_FILE } from '../auth/local-token.js';
import type { Env } from '../config/env.js';
import { SimulatorMissing } from './errors.js';
import type { SimulatorCommand } from './simulator-process.js';

const WILDCARD_HOSTS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Throws `SimulatorMissing` when it is not installed or not built. */
export function simulatorCommand(env: Env, address: AddressInfo): SimulatorCommand {
  const main = env.simulatorMain ?? installedMain();
  if (!existsSync(main)) throw new SimulatorMissing();
  return {
    main,
    args: ['--api', apiUrl(address), '--token-file', join(env.dataDir, LOCAL_TOKEN_FILE)],
  };
}

/** The api's own address, as a process on the same machine reaches it. */
export function apiUrl({ address, family, port }: AddressInfo): string {
  if (WILDCARD_HOSTS.has(address)) return `http://127.0.0.1:${port}`;
  return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`;
}

function installedMain(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve('@hearth/simulator/package.json');
    return join(dirname(manifest), 'dist', 'main.js');
  } catch (error) {
    throw new SimulatorMissing(error);
  }
}
