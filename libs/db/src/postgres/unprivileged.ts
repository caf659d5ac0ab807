// Postgres refuses to run as root. This finds a way to run it with less than root's rights, without asking that folders on
// the way to the data be open to everybody.
import { execFileSync } from 'node:child_process';
import { chownSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresFailed } from './errors.js';

export interface Runner {
  /** Program and leading arguments that come before the Postgres program; empty for none. */
  readonly prefix: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
  /** Who must own the cluster's files, as this process sees it; undefined for nobody in particular. */
  readonly owner: { uid: number; gid: number } | undefined;
}

const NOBODY = 65_534;

/**
 * An ordinary user runs Postgres as itself. Root tries, in this order: a user namespace (files stay root's, nothing else
 * changes); the user `nobody` that may still pass closed folders (CAP_DAC_OVERRIDE, for containers without namespaces);
 * plain `nobody`, which works where the folders are open.
 */
export function findRunner(): Runner {
  if (process.getuid?.() !== 0) return { prefix: [], owner: undefined };
  const candidates: Runner[] = [
    {
      prefix: ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'],
      owner: { uid: 0, gid: 0 },
    },
    {
      prefix: [
        'setpriv',
        `--reuid=${NOBODY}`,
        `--regid=${NOBODY}`,
        '--clear-groups',
        '--inh-caps=+dac_override',
        '--ambient-caps=+dac_override',
        // Without it access(2) forgets the capability, and initdb asks access(2).
        '--securebits=+no_setuid_fixup',
        '--',
      ],
      owner: { uid: NOBODY, gid: NOBODY },
    },
    { prefix: [], uid: NOBODY, gid: NOBODY, owner: { uid: NOBODY, gid: NOBODY } },
  ];
  const runner = candidates.find(works);
  if (runner !== undefined) return runner;
  throw new EmbeddedPostgresFailed(
    'Postgres does not run as root, and no way was found to give up its rights. Start Hearth as an ordinary user, or give it a database with DATABASE_URL.',
  );
}

function works(runner: Runner): boolean {
  const [program, ...args] = [...runner.prefix, 'id', '-u'];
  if (program === undefined) return false;
  try {
    const identity =
      runner.uid === undefined || runner.gid === undefined
        ? {}
        : { uid: runner.uid, gid: runner.gid };
    const output = execFileSync(program, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      ...identity,
    });
    return output.trim() !== '0';
  } catch {
    return false;
  }
}

/** Gives the cluster to who runs it. Touches nothing when that is so already. */
export function giveTo(owner: { uid: number; gid: number }, folder: string): void {
  if (statSync(folder).uid === owner.uid) return;
  const visit = (path: string): void => {
    chownSync(path, owner.uid, owner.gid);
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) visit(child);
      else if (!lstatSync(child).isSymbolicLink()) chownSync(child, owner.uid, owner.gid);
    }
  };
  visit(folder);
}
