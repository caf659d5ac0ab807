// CVE-2017-9868: nobody else may read the secrets on disk. CVE-2023-26462: keys are made here, none is shipped.
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

describe('the data folder', () => {
  let hearth: RunningHearth;
  beforeEach(async () => {
    hearth = await startHearth();
  });
  afterEach(async () => {
    await hearth.close();
  });

  const file = (name: string) => join(hearth.dataDir, name);
  const modeOf = async (name: string) => ((await stat(file(name))).mode & 0o777).toString(8);

  it.each(['local-token', 'auth-secret'])('lets nobody else read %s', async (name) => {
    expect(await modeOf(name)).toBe('600');
    await chmod(file(name), 0o644);
    await hearth.restart();
    expect(await modeOf(name)).toBe('600');
  });

  it('has a fresh local token after every start; the old one ends', async () => {
    const old = await readFile(file('local-token'), 'utf8');
    expect(old).toBe(hearth.app.localToken);
    await hearth.restart();
    expect(await readFile(file('local-token'), 'utf8')).not.toBe(old);
    const headers = { authorization: `Bearer ${old}` };
    expect((await hearth.anonymous().get('/api/me', { headers })).status).toBe(401);
  });

  it('ends all sessions when its secret is replaced', async () => {
    expect((await hearth.owner.get('/api/me')).status).toBe(200);
    await writeFile(file('auth-secret'), 'x'.repeat(43));
    await hearth.restart();
    expect((await hearth.owner.get('/api/me')).status).toBe(401);
  });

  it('stops the start when its secret is damaged, instead of signing with nothing', async () => {
    await writeFile(file('auth-secret'), '');
    await expect(hearth.restart()).rejects.toThrow('auth-secret is damaged');
  });
});
