// Postgres refuses to run as root. This finds a way to run it with less than root's rights, without asking that folders on
// the way to the data or to the programs be open to everybody.
import { chownSync, lchownSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** A way to run a Postgres program. */
export interface Runner {
  /** Program and leading arguments that come before the Postgres program; empty for none. */
  readonly prefix: readonly string[];
  /** The user that the process is started as; undefined for the one that we are. */
  readonly identity: Owner | undefined;
  /** Who must own the cluster's files, as this process sees it; undefined to leave them as they are. */
  readonly owner: Owner | undefined;
}

const ROOT: Owner = { uid: 0, gid: 0 };
const NOBODY: Owner = { uid: 65_534, gid: 65_534 };

/**
 * The ways to run Postgres on files that belong to `owner`, best first; which of them works is known by trying. An ordinary
 * user runs it as itself. Root leaves files with the user who has them, so that this user can start Hearth without root again.
 */
export function listRunners(owner: Owner): Runner[] {
  if (process.getuid?.() !== 0) return [{ prefix: [], identity: undefined, owner: undefined }];
  return owner.uid === 0
    ? [inNamespace(), withSearch(NOBODY), plain(NOBODY)]
    : [plain(owner), withSearch(owner), inNamespace()];
}

/** A user namespace in which root is called nobody: files stay root's, and root's folders stay open to it. */
function inNamespace(): Runner {
  const map = [`--map-user=${NOBODY.uid}`, `--map-group=${NOBODY.gid}`];
  return { prefix: ['unshare', '--user', ...map, '--'], identity: undefined, owner: ROOT };
}

/**
 * Another user that may still pass closed folders, for containers without namespaces. Without the securebit access(2) forgets
 * the capability, and Postgres finds its own programs with access(2).
 */
function withSearch(owner: Owner): Runner {
  const prefix = [
    'setpriv',
    `--reuid=${owner.uid}`,
    `--regid=${owner.gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    '--securebits=+no_setuid_fixup',
    '--',
  ];
  return { prefix, identity: undefined, owner };
}

/** Another user and nothing else; works where that user can reach data and programs. */
function plain(owner: Owner): Runner {
  return { prefix: [], identity: owner, owner };
}

/** Gives a folder with all that is in it to `owner`. Touches nothing when it is so already. */
export function giveTo(owner: Owner, folder: string): void {
  if (statSync(folder).uid === owner.uid) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) giveTo(owner, path);
    lchownSync(path, owner.uid, owner.gid);
  }
  // The folder last: an interrupted change is seen and finished by the next start.
  chownSync(folder, owner.uid, owner.gid);
}
