// The embedded Postgres through what happens to it at home: restart, power cut, two starts at once, root and not root.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDatabase, startEmbeddedPostgres } from '@hearth/db';

const MINUTE = 60_000;
const root = fileURLToPath(new URL('../../', import.meta.url));

/** A folder that only its owner may enter: what `mktemp -d` and root's home are. */
const parent = mkdtempSync(join(tmpdir(), 'hearth-closed-'));
chmodSync(parent, 0o700);
const dataDir = join(parent, 'data');
afterAll(() => rmSync(parent, { recursive: true, force: true }));

async function count(url: string): Promise<number> {
  const database = await createDatabase(url);
  try {
    await database.pool.query('create table if not exists kept (at timestamptz default now())');
    await database.pool.query('insert into kept default values');
    const { rows } = await database.pool.query<{ n: number }>(
      'select count(*)::int as n from kept',
    );
    return rows[0]?.n ?? 0;
  } finally {
    await database.close();
  }
}

/** Starts and stops the database in a process of its own, under another command such as setpriv where one is given. */
function runInProcess(dataDirectory: string, before: readonly string[] = []): string {
  const script = `
    const { startEmbeddedPostgres } = await import('@hearth/db');
    const postgres = await startEmbeddedPostgres({ dataDir: process.argv[1] });
    await postgres.stop();
    console.log('stopped by user', process.getuid());`;
  const [program, ...args] = [...before, process.execPath, '--input-type=module', '-e', script];
  const run = spawnSync(program, [...args, dataDirectory], {
    cwd: join(root, 'apps/cli'),
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return run.stdout + run.stderr;
}

describe(startEmbeddedPostgres.name, () => {
  it(
    'keeps what was written over a stop and a start, in a folder closed to others',
    async () => {
      const first = await startEmbeddedPostgres({ dataDir });
      expect(await count(first.url)).toBe(1);
      await first.stop();
      const second = await startEmbeddedPostgres({ dataDir });
      expect(await count(second.url)).toBe(2);
      await second.stop();
      expect(statSync(join(dataDir, 'postgres-password')).mode & 0o077).toBe(0);
    },
    MINUTE,
  );

  it(
    'recovers by itself from a killed server',
    async () => {
      const first = await startEmbeddedPostgres({ dataDir });
      expect(await count(first.url)).toBe(3);
      const gone = new Promise<void>((resolve) => first.onUnexpectedExit(resolve));
      process.kill(first.pid, 'SIGKILL');
      await gone;
      const second = await startEmbeddedPostgres({ dataDir, port: first.port });
      expect(await count(second.url)).toBe(4);
      await second.stop();
    },
    MINUTE,
  );

  it(
    'takes over from a Hearth that was killed and left its server running',
    async () => {
      // A process that starts the database and is killed: lock file and server stay behind.
      const script = `
        const { startEmbeddedPostgres } = await import('@hearth/db');
        const postgres = await startEmbeddedPostgres({ dataDir: process.argv[1] });
        console.log(postgres.url);
        process.kill(process.pid, 'SIGKILL');`;
      const run = spawnSync(process.execPath, ['--input-type=module', '-e', script, dataDir], {
        cwd: join(root, 'apps/cli'),
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      const orphanUrl = run.stdout.trim();
      expect(orphanUrl).toContain('127.0.0.1');
      const postgres = await startEmbeddedPostgres({ dataDir });
      expect(await count(postgres.url)).toBe(5);
      await postgres.stop();
      await expect(count(orphanUrl)).rejects.toThrow('ECONNREFUSED');
    },
    MINUTE,
  );

  it(
    'lets one Hearth at a time have a data folder, and names it to the second',
    async () => {
      const first = await startEmbeddedPostgres({ dataDir });
      await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(dataDir);
      await first.stop();
    },
    MINUTE,
  );

  it('refuses data of another major version with what to do', async () => {
    const file = join(dataDir, 'postgres', 'PG_VERSION');
    const version = readFileSync(file, 'utf8');
    writeFileSync(file, '17\n');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
      /Postgres 17.*HEARTH_DATA_DIR/,
    );
    writeFileSync(file, version);
  });

  it(
    'lets one of two that start at the same moment have the folder',
    async () => {
      const starts = await Promise.allSettled([
        startEmbeddedPostgres({ dataDir }),
        startEmbeddedPostgres({ dataDir }),
      ]);
      const started = starts.filter((start) => start.status === 'fulfilled');
      await Promise.all(started.map((start) => start.value.stop()));
      expect(started).toHaveLength(1);
    },
    MINUTE,
  );

  it(
    'takes a lock for stale whose process number is somebody else by now',
    async () => {
      writeFileSync(join(dataDir, 'hearth.lock'), `${process.pid} another start\n`);
      const postgres = await startEmbeddedPostgres({ dataDir });
      await postgres.stop();
      expect(existsSync(join(dataDir, 'hearth.lock'))).toBe(false);
    },
    MINUTE,
  );

  it(
    'finds the server left behind also by another path to the folder',
    async () => {
      const orphan = await startEmbeddedPostgres({ dataDir });
      rmSync(join(dataDir, 'hearth.lock')); // as if its Hearth were gone
      const link = join(parent, 'link');
      symlinkSync(dataDir, link);
      const ended = new Promise<void>((resolve) => orphan.onUnexpectedExit(resolve));
      const postgres = await startEmbeddedPostgres({ dataDir: link });
      await ended;
      expect(await count(postgres.url)).toBeGreaterThan(1);
      await postgres.stop();
    },
    MINUTE,
  );

  it(
    'leaves neither a server nor a lock behind when it may not enter its own database',
    async () => {
      const file = join(dataDir, 'postgres-password');
      const password = readFileSync(file, 'utf8');
      writeFileSync(file, 'another\n');
      await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow('postgres-password');
      expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
      writeFileSync(file, password);
      const postgres = await startEmbeddedPostgres({ dataDir });
      await postgres.stop();
    },
    MINUTE,
  );

  it('makes no second database over one whose password is gone', async () => {
    const file = join(dataDir, 'postgres-password');
    const password = readFileSync(file, 'utf8');
    rmSync(file);
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(file);
    expect(existsSync(file)).toBe(false);
    writeFileSync(file, password, { mode: 0o600 });
  });

  // Only root can become somebody else, and that somebody must be able to read this clone.
  const daemon = ['setpriv', '--reuid=1', '--regid=1', '--clear-groups'];
  const sys = ['setpriv', '--reuid=3', '--regid=3', '--clear-groups'];
  const readable =
    spawnSync('setpriv', [...daemon.slice(1), 'test', '-r', join(root, 'package.json')]).status ===
    0;
  const asRoot = process.getuid?.() === 0 && readable ? it : it.skip;
  asRoot(
    'leaves the data with the ordinary user who made it, also when root starts it once',
    () => {
      const open = mkdtempSync(join(tmpdir(), 'hearth-user-'));
      chmodSync(open, 0o777);
      const data = join(open, 'data');
      try {
        expect(runInProcess(data, daemon)).toContain('stopped by user 1');
        const password = readFileSync(join(data, 'postgres-password'), 'utf8');
        expect(runInProcess(data)).toContain('stopped by user 0');
        expect(runInProcess(data, daemon)).toContain('stopped by user 1');
        expect(readFileSync(join(data, 'postgres-password'), 'utf8')).toBe(password);
        chmodSync(data, 0o777);
        expect(runInProcess(data, sys)).toContain('belongs to user 1');
      } finally {
        rmSync(open, { recursive: true, force: true });
      }
    },
    MINUTE,
  );

  // What a container gives to root: no namespaces, few capabilities.
  const inContainer = [
    ['setpriv', '--bounding-set=-all,+chown,+dac_override,+kill,+setgid,+setuid,+setpcap,+setfcap'],
    ['env', `PATH=${join(parent, 'bin')}:${process.env['PATH'] ?? ''}`],
  ].flat();
  asRoot(
    'gives up the rights of root in a closed folder where namespaces are forbidden',
    () => {
      mkdirSync(join(parent, 'bin'));
      writeFileSync(join(parent, 'bin', 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
      const data = join(parent, 'contained');
      expect(runInProcess(data, inContainer)).toContain('stopped by user 0');
      expect(runInProcess(data, inContainer)).toContain('stopped by user 0');
      expect(statSync(join(data, 'postgres')).uid).not.toBe(0);
    },
    MINUTE,
  );
});
