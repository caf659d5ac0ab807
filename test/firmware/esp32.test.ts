// The ESP32's program, compiled for this machine: its logic by its own tests, the whole of it against our real broker
// through a plain socket, and the Arduino files by the compiler's eyes only.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  climateStateSchema,
  infoPayloadSchema,
  reflectsChange,
  responsePayloadSchema,
  statePayloadSchema,
} from '@hearth/contracts';
import { needsTool } from '@hearth/testkit';
import { DeviceBroker } from '../support/device-broker.js';
import { startProgram, type Program } from '../support/program.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const esp32 = join(root, 'devices/esp32');
const vectors = join(root, 'libs/contracts/vectors');
const compiler = needsTool('g++');
const run = promisify(execFile);

const WARNINGS = ['-std=c++17', '-Wall', '-Wextra', '-Wconversion', '-Wshadow', '-Werror', '-O0'];
const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
const COMPILE_MS = 120_000;

const BOARD = 'living-room-heat-pump';
const SECRET = 'a secret';

let folder: string;
const compile = (args: readonly string[]) =>
  run(compiler.path, [...WARNINGS, ...args], { cwd: esp32, timeout: COMPILE_MS });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-esp32-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

compiler.describe('the logic of the ESP32', () => {
  it(
    'passes its own tests, with the sanitizers watching',
    async () => {
      const tests = ['main', 'test_json', 'test_logic', 'test_program', 'test_thermostat'];
      const sources = tests.map((name) => `test/${name}.cpp`);
      const binary = join(folder, 'tests');
      await compile([...SANITIZERS, ...sources, 'src/logic/program.cpp', '-o', binary]);
      const { stdout } = await run(binary, [vectors]);
      expect(stdout).toMatch(/\n\d\d tests, 0 failed\n$/);
    },
    COMPILE_MS,
  );

  it.each(['plain TCP', 'TLS'])(
    'stands in Arduino files that a compiler can read, for %s',
    async (how) => {
      const include = await mkdtemp(join(folder, 'include-'));
      const config = join(include, 'config.h');
      await copyFile(join(esp32, 'include/config.example.h'), config);
      if (how === 'TLS') {
        const text = await readFile(config, 'utf8');
        await writeFile(config, `${text}\n#define HEARTH_CA_PEM "a certificate"\n`);
      }
      await compile(['-fsyntax-only', '-Itest/shim', `-I${include}`, 'src/main.cpp']);
    },
    COMPILE_MS,
  );
});

compiler.describe('the program of the ESP32', () => {
  let binary: string;
  let broker: DeviceBroker;
  let board: Program | undefined;

  const setTemperature = (celsius: number) =>
    writeFile(join(folder, 'temperature'), String(celsius));
  const boot = (secret = SECRET) => {
    board = startProgram(binary, [String(broker.port), BOARD, secret, '1'], { cwd: folder });
  };
  const readings = () => broker.telemetryOf(BOARD);
  const sequence = () => readings().map(({ seq }) => Number(seq));
  const lastState = () => {
    const payload = broker.from(BOARD, 'state').at(-1)?.payload;
    if (payload === undefined) return undefined;
    return climateStateSchema.parse(statePayloadSchema.parse(JSON.parse(payload)).climate);
  };

  async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
    try {
      return await broker.until(what, look);
    } catch (error) {
      throw new Error(`${String(error)}\nthe board printed:\n${board?.output()}`, { cause: error });
    }
  }

  async function answersTo(name: string, args: object): Promise<string[]> {
    await until('the board to listen', () => broker.listening.has(BOARD));
    const id = randomUUID();
    broker.command(BOARD, name, { id, args, expiresAt: Date.now() + 10_000 });
    return until(`an answer to ${name}`, () => {
      const answers = broker
        .from(BOARD, 'response')
        .map(({ payload }) => responsePayloadSchema.parse(JSON.parse(payload)))
        .filter((answer) => answer.id === id);
      const words = answers.map(({ status, reason }) => reason ?? status);
      return answers.some(({ status }) => status !== 'accepted') && words;
    });
  }

  beforeAll(async () => {
    binary = join(folder, 'board');
    await compile(['test/host/main.cpp', 'src/logic/program.cpp', '-o', binary]);
  }, COMPILE_MS);

  beforeEach(async () => {
    board = undefined;
    broker = await DeviceBroker.start({ secrets: new Map([[BOARD, SECRET]]) });
    await setTemperature(19.5);
  });

  afterEach(async () => {
    await board?.kill();
    await broker.stop();
  });

  it('introduces itself as a thermostat and reports', async () => {
    boot();
    await until('two readings', () => readings().length >= 2);
    expect(broker.from(BOARD, 'status')[0]).toMatchObject({ payload: 'online', retain: true });
    const info = infoPayloadSchema.parse(JSON.parse(broker.from(BOARD, 'info')[0]?.payload ?? ''));
    expect(info.model).toBe('ESP32 thermostat');
    expect(info.climate).toMatchObject({ minTarget: 7, maxTarget: 30 });
    expect(info.commands).toEqual(['climate', 'identify', 'interval']);
    expect(lastState()).toMatchObject({ mode: 'off', action: 'off', current: 19.5 });
    const [reading] = readings();
    expect(reading).toMatchObject({ temperature: 19.5, humidity: 45.5, heating: false, rssi: -55 });
    expect(Math.abs(Date.now() - Number(reading?.['ts']))).toBeLessThan(10_000);
  });

  it('obeys, protects the compressor, and heats', async () => {
    boot();
    const change = { mode: 'heat' as const, target: 22.5 };
    expect(await answersTo('climate', change)).toEqual(['accepted', 'applied']);
    const state = lastState();
    expect(state !== undefined && reflectsChange(state, change)).toBe(true);
    await until('heating', () => lastState()?.action === 'heating');
    expect(board?.output()).toContain('drive heating');
    await setTemperature(23);
    await until('the end of heating', () => lastState()?.action === 'idle');
    await until('a reading of it', () => readings().at(-1)?.['heating'] === false);
  });

  it('refuses in words what it cannot do', async () => {
    boot();
    expect(await answersTo('climate', { target: 31 })).toEqual(['target is out of range']);
    expect(await answersTo('explode', {})).toEqual(['unknown command explode']);
  });

  it('measures while the server is away, and delivers all of it when it is back', async () => {
    boot();
    await until('a reading', () => readings().length >= 1);
    const { port } = broker;
    await broker.stop();
    const seen = sequence().at(-1) ?? -1;
    await until('a try in vain', () => board?.output().includes('nobody there'));
    broker = await DeviceBroker.start({ secrets: new Map([[BOARD, SECRET]]), port });
    const missed = await until('the backlog', () => sequence().length >= 3 && sequence());
    const first = missed[0] ?? -1;
    // The last one before the outage may come twice, if its acknowledgement was lost; nothing is missing.
    expect(first).toBeGreaterThanOrEqual(seen);
    expect(first).toBeLessThanOrEqual(seen + 1);
    expect(missed).toEqual(missed.map((_, index) => first + index));
  }, 30_000);

  it('sends again what the server took and never acknowledged', async () => {
    const { port } = broker;
    const secrets = new Map([[BOARD, SECRET]]);
    await broker.stop();
    broker = await DeviceBroker.start({ secrets, port, withholdsAcknowledgements: true });
    boot();
    await until('a reading', () => readings().length >= 1);
    await broker.stop();
    broker = await DeviceBroker.start({ secrets, port });
    await until('the same reading', () => sequence()[0] === 0);
  }, 30_000);

  it('leaves its will when the power fails', async () => {
    boot();
    await until('a reading', () => readings().length >= 1);
    await board?.kill();
    await until('the will', () => broker.from(BOARD, 'status').some(({ kind }) => kind === 'will'));
  });

  it('keeps trying after a refusal', async () => {
    boot('wrong');
    await until('two refusals', () => /refused[^]*refused/.test(board?.output() ?? ''));
    expect(readings()).toEqual([]);
  });
});
