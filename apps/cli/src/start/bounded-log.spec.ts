import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BoundedLog } from './bounded-log.js';

describe(BoundedLog.name, () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-log-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('never keeps more than two files of its limit', () => {
    const path = join(folder, 'api.log');
    const log = new BoundedLog(path, 100);
    for (let line = 0; line < 50; line += 1) log.write(Buffer.from(`line ${line}\n`));
    log.close();
    expect(statSync(path).size).toBeLessThanOrEqual(100);
    expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(100);
    expect(readFileSync(path, 'utf8')).toContain('line 49');
  });

  it('is readable by its owner only, and goes on where an earlier run ended', () => {
    const path = join(folder, 'web.log');
    for (const text of ['first\n', 'second\n']) {
      const log = new BoundedLog(path);
      log.write(Buffer.from(text));
      log.close();
    }
    expect(readFileSync(path, 'utf8')).toBe('first\nsecond\n');
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(existsSync(`${path}.1`)).toBe(false);
  });
});
