// The file of a Unix-domain socket before we listen on it.

import { lstat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { platform } from 'node:process';

// Node cuts what does not fit the system's structure, and would listen somewhere else.
const MAX_PATH_BYTES = platform === 'linux' ? 107 : 103;

/** Removes what a dead process left behind. Throws when somebody listens there, or when it is no socket. */
export async function clearSocketFile(path: string): Promise<void> {
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
    throw failure('ENAMETOOLONG', `a socket's path has at most ${MAX_PATH_BYTES} bytes`);
  }
  const entry = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (entry === undefined) return;
  if (!entry.isSocket()) throw failure('EEXIST', 'there is a file that is no socket');
  if (await isServed(path)) throw failure('EADDRINUSE', 'another program listens there');
  await unlink(path);
}

function isServed(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false);
      // Its backlog is full.
      else if (error.code === 'EAGAIN') resolve(true);
      else reject(error);
    });
  });
}

function failure(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}
