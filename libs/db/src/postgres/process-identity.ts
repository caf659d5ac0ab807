// Which process is behind a number in a pid file: numbers are given out again, above all after a reboot.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';

/** True when a process with this id runs, ours or not. A zombie has ended, even where nobody collects it. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return statusOf(pid)?.[0] !== 'Z';
}

/**
 * What tells this process from another that had or gets its id: its start time and, where that counts from boot, the boot.
 * Empty when the process is gone or the machine does not say.
 */
export function processStart(pid: number): string {
  const ticksSinceBoot = statusOf(pid)?.[19]; // field 22 of proc(5) stat
  if (ticksSinceBoot !== undefined) return `${bootId()}+${ticksSinceBoot}`;
  return process.platform === 'linux' ? '' : askPs('lstart', pid);
}

/** Is this process the Postgres server that works in folder `cluster`? */
export function isServerOf(pid: number, cluster: string): boolean {
  if (!commandOf(pid).includes('postgres')) return false;
  try {
    // The server makes its cluster the working directory. Compared as files: there may be two paths to one folder.
    const [there, here] = [statSync(`/proc/${pid}/cwd`), statSync(cluster)];
    return there.dev === here.dev && there.ino === here.ino;
  } catch {
    return process.platform !== 'linux' && commandOf(pid).includes(cluster);
  }
}

/** Fields of proc(5) stat from the third, the state, on; the second may itself contain spaces and parentheses. */
function statusOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return process.platform === 'linux' ? '' : askPs('command', pid);
  }
}

function askPs(field: 'lstart' | 'command', pid: number): string {
  try {
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    return execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: [...stdio],
    }).trim();
  } catch {
    return '';
  }
}
