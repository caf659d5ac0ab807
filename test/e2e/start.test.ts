// `npm start` as its user meets it: one command up, one signal down, everything there again.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProcesses, runCommand, startCommand } from '../support/hearth-command.js';

const MINUTES = 60_000;

describe('hearth start', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'hearth-start-'));
  const variables = { HEARTH_DATA_DIR: dataDir };
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  const owner = { name: 'Ada', email: 'ada@example.org', password: 'a long enough password' };

  it(
    'brings everything up, prints the setup link, and stops without a trace',
    async () => {
      const hearth = await startCommand(variables);
      expect((await fetch(`${hearth.url}/login`)).status).toBe(200);
      expect(await (await fetch(`${hearth.url}/api/health`)).json()).toMatchObject({
        status: 'ok',
      });
      const token = new URL(hearth.setupUrl ?? '').searchParams.get('token');
      const setup = await postJson(`${hearth.url}/api/setup`, {
        token,
        owner,
        home: { name: 'Home', timeZone: 'Europe/Berlin' },
      });
      expect(setup.status).toBe(201);
      expect(await hearth.stop('SIGINT')).toBe(0);
      expect(findProcesses(dataDir)).toEqual([]);
    },
    3 * MINUTES,
  );

  it(
    'finds all data at the second start, which is quick and prints no setup link',
    async () => {
      const hearth = await startCommand(variables);
      expect(hearth.setupUrl).toBeUndefined();
      const login = await postJson(`${hearth.url}/api/auth/sign-in/email`, {
        email: owner.email,
        password: owner.password,
      });
      expect(login.status).toBe(200);
      // As under npm: the terminal's signal, and npm's a moment later. They are one wish.
      hearth.process.kill('SIGTERM');
      expect(await hearth.stop('SIGTERM')).toBe(0);
      expect(hearth.output()).not.toContain('Stopping at once');
      expect(findProcesses(dataDir)).toEqual([]);
    },
    MINUTES,
  );

  it(
    'comes back by itself after it was killed in the middle of its work',
    async () => {
      const killed = await startCommand(variables);
      killed.process.kill('SIGKILL');
      const hearth = await startCommand(variables);
      expect(await (await fetch(`${hearth.url}/api/health`)).json()).toMatchObject({
        status: 'ok',
      });
      await hearth.stop();
      expect(findProcesses(dataDir)).toEqual([]);
    },
    2 * MINUTES,
  );

  it(
    'names a port that is taken and the variable to change',
    async () => {
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, resolve));
      const { port } = other.address() as AddressInfo;
      const run = runCommand({ ...variables, HEARTH_MQTT_PORT: String(port) });
      expect(await run.exited).toBe(1);
      other.close();
      expect(run.output()).toContain(`Port ${port} is taken`);
      expect(run.output()).toContain('HEARTH_MQTT_PORT');
      expect(findProcesses(dataDir)).toEqual([]);
    },
    MINUTES,
  );

  it(
    'names every variable that is wrong',
    async () => {
      const run = runCommand({ HEARTH_PORT: 'kitchen', HEARTH_MQTT_PORT: '-1' });
      expect(await run.exited).toBe(1);
      expect(run.output()).toMatch(/HEARTH_PORT[^]*HEARTH_MQTT_PORT/);
    },
    MINUTES,
  );
});

function postJson(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(url).origin },
    body: JSON.stringify(body),
  });
}
