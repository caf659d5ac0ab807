import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatorProcess } from './simulator-process.js';

describe('SimulatorProcess', () => {
  let folder: string;
  let changes: (() => void)[];
  let sut: SimulatorProcess;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hearth-simulator-'));
    changes = [];
    sut = new SimulatorProcess(() => changes.shift()?.());
  });

  afterEach(async () => {
    await sut.stop();
    await rm(folder, { recursive: true });
  });

  const run = async (script: string) => {
    const main = join(folder, 'main.mjs');
    await writeFile(main, script);
    sut.start({ main, args: ['--api', 'here'] }, 5);
  };

  /** Resolves at the second change: the start, then the end. */
  const end = () =>
    new Promise<void>((resolve) => {
      changes.push(() => {}, resolve);
    });

  it('tells that a run goes on, and ends it on request without an error', async () => {
    await run(`setInterval(() => {}, 1000)`);
    expect([sut.isRunning, sut.startedAtMs]).toEqual([true, 5]);
    await sut.stop();
    expect([sut.isRunning, sut.startedAtMs, sut.error]).toEqual([false, undefined, null]);
  });

  it('says in words why a run ended on its own', async () => {
    const ended = end();
    await run(`console.error('simulate: Hearth refused the devices'); process.exitCode = 1;`);
    await ended;
    expect([sut.isRunning, sut.error]).toEqual([false, 'Hearth refused the devices']);
  });

  it('has no error when a run ends well', async () => {
    const ended = end();
    await run(`process.exitCode = process.argv.includes('--api') ? 0 : 3; process.disconnect();`);
    await ended;
    expect(sut.error).toBeNull();
  });

  it('runs one at a time', async () => {
    await run(`setInterval(() => {}, 1000)`);
    sut.start({ main: 'other.mjs', args: [] }, 9);
    expect(sut.startedAtMs).toBe(5);
  });

  it('gives the child a channel whose end tells it that the api is gone', async () => {
    const ended = end();
    await run(
      `if (!process.connected) console.error('no channel'); process.exit(process.connected ? 0 : 1);`,
    );
    await ended;
    expect(sut.error).toBeNull();
  });
});
