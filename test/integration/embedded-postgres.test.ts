// The embedded Postgres through what happens to it at home: restart, power cut, two starts at once, root and not root.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
        console.log(postgres.pid);
        process.kill(process.pid, 'SIGKILL');`;
      const run = spawnSync(process.execPath, ['--input-type=module', '-e', script, dataDir], {
        cwd: join(root, 'apps/cli'),
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      const orphan = Number(run.stdout.trim());
      expect(orphan).toBeGreaterThan(0);
      const postgres = await startEmbeddedPostgres({ dataDir });
      expect(await count(postgres.url)).toBe(5);
      await postgres.stop();
      expect(() => process.kill(orphan, 0)).toThrow('ESRCH');
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

  // Only root can become somebody else, and that somebody must be able to read this clone.
  const daemon = ['--reuid=1', '--regid=1', '--clear-groups'];
  const readable =
    spawnSync('setpriv', [...daemon, 'test', '-r', join(root, 'package.json')]).status === 0;
  const asRoot = process.getuid?.() === 0 && readable ? it : it.skip;
  asRoot(
    'runs for an ordinary user as it does for root',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'hearth-user-'));
      chmodSync(folder, 0o777);
      const script = `
        const { startEmbeddedPostgres } = await import('@hearth/db');
        const postgres = await startEmbeddedPostgres({ dataDir: process.argv[1] });
        await postgres.stop();
        console.log('uid', process.getuid());`;
      const run = spawnSync(
        'setpriv',
        [...daemon, process.execPath, '--input-type=module', '-e', script, join(folder, 'data')],
        {
          cwd: join(root, 'apps/cli'),
          encoding: 'utf8',
          env: { ...process.env, NODE_OPTIONS: '' },
        },
      );
      rmSync(folder, { recursive: true, force: true });
      expect(run.stdout + run.stderr).toContain('uid 1');
    },
    MINUTE,
  );
});
