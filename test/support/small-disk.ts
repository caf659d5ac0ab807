// A disk of its own for one test, small enough to be filled up: a tmpfs, which only root may mount.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly path: string;
  /** Takes all the room that is left. */
  fill(): void;
  /** Gives back what `fill` took. */
  free(): void;
  unmount(): void;
}

/** Mounts a disk of this many KiB. Throws where that is not permitted. */
export function mountSmallDisk(sizeKib: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'hearth-disk-'));
  const options = ['-t', 'tmpfs', '-o', `size=${sizeKib}k`, 'tmpfs', path];
  const mounted = spawnSync('mount', options, { encoding: 'utf8' });
  if (mounted.status !== 0) {
    rmdirSync(path);
    throw new Error(`cannot mount a tmpfs: ${mounted.error?.message ?? mounted.stderr}`);
  }
  const filler = join(path, 'filler');
  return {
    path,
    fill: () => {
      const { bavail, bsize } = statfsSync(path);
      writeFileSync(filler, Buffer.alloc(bavail * bsize));
    },
    free: () => rmSync(filler),
    unmount: () => {
      spawnSync('umount', ['--lazy', path]);
      rmdirSync(path);
    },
  };
}

/** `it` for tests that mount a disk: skipped with the reason where that is not permitted, failed in CI. */
export function itWithSmallDisk(title: string, run: () => Promise<void>, timeoutMs?: number): void {
  const isCi = (process.env['CI'] ?? '') !== '';
  const refusal = whyNot();
  if (refusal === undefined || isCi) it(title, run, timeoutMs);
  else it.skip(`${title} [skipped: ${refusal}]`, () => undefined);
}

function whyNot(): string | undefined {
  try {
    mountSmallDisk(16).unmount();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.trim() : String(error);
  }
}
