// Small secrets on disk. Nobody but the user who runs Hearth may read them (CVE-2017-9868).
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SECRET_BYTES = 32;

/** A secret that is made at the first start and stays. */
export async function readOrCreateSecret(dataDir: string, name: string): Promise<string> {
  const path = join(dataDir, name);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  try {
    // 'wx' makes the file only if there is none: of two processes that start at once, one wins.
    await writeFile(path, newSecret(), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await chmod(path, 0o600);
  }
  const secret = (await readFile(path, 'utf8')).trim();
  if (secret.length < SECRET_BYTES) throw new Error(`${path} is damaged: it holds no secret`);
  return secret;
}

/** A secret of this run, in the place of the one before. */
export async function writeFreshSecret(dataDir: string, name: string): Promise<string> {
  const secret = newSecret();
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // Written beside and renamed: a reader never sees half a secret, and an old file's mode is not kept.
  const beside = join(dataDir, `${name}.${process.pid}.${randomBytes(4).toString('hex')}`);
  await writeFile(beside, secret, { flag: 'wx', mode: 0o600 });
  await rename(beside, join(dataDir, name));
  return secret;
}

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}
