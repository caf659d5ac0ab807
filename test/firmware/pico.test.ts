// The Pico W's own program, run by MicroPython's Unix port with the heap of a Pico, against our real broker. Only the
// hardware is stubbed: devices/pico/test/stubs.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { infoPayloadSchema, responsePayloadSchema } from '@hearth/contracts';
import { needsTool } from '@hearth/testkit';
import { DeviceBroker } from '../support/device-broker.js';
import { needsMicroPython } from '../support/micropython.js';
import { startNtpServer, type NtpServer } from '../support/ntp-server.js';
import { startProgram, type Program } from '../support/program.js';
import { makeTestAuthority } from '../support/test-authority.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pico = join(root, 'devices/pico');
const vectors = join(root, 'libs/contracts/vectors');
const micropython = needsMicroPython();
const python = needsTool('python3');

const BOARD = 'front-door';
const SECRET = 'sécret';
const PIN = 15;

describe('the logic of the Pico', () => {
  const run = (interpreter: string) =>
    execFileSync(interpreter, ['test/run.py', vectors], {
      cwd: pico,
      encoding: 'utf8',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });

  python.it('passes its own tests under CPython', () => {
    expect(run(python.path)).toMatch(/\n\d\d tests, 0 failed\n$/);
  });

  micropython.it('passes its own tests under MicroPython', () => {
    expect(run(micropython.path)).toMatch(/\n\d\d tests, 0 failed\n$/);
  });
});

micropython.describe('the program of the Pico', () => {
  let broker: DeviceBroker;
  let ntp: NtpServer;
  let folder: string;
  let board: Program | undefined;
  let tls: Server | undefined;

  interface Wishes {
    interval_seconds?: number;
    sleeps?: boolean;
    secret?: string;
    broker?: object;
  }

  async function boot(wishes: Wishes = {}): Promise<Program> {
    const config = {
      device_id: BOARD,
      secret: SECRET,
      wifi: { ssid: 'home', password: 'sweet' },
      broker: { host: '127.0.0.1', port: broker.port },
      ntp: { host: '127.0.0.1', port: ntp.port },
      sensor: { kind: 'contact', pin: PIN },
      interval_seconds: 1,
      ...wishes,
    };
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    board = startProgram(micropython.path, ['-X', 'heapsize=192K', join(pico, 'main.py')], {
      cwd: folder,
      env: { MICROPYPATH: `${join(pico, 'test/stubs')}:${pico}:.frozen` },
    });
    return board;
  }

  const setPin = (level: 0 | 1) => writeFile(join(folder, 'pins', String(PIN)), String(level));
  const readings = () => broker.telemetryOf(BOARD);
  const sequence = () => readings().map(({ seq }) => Number(seq));

  /** Waits as `broker.until` does; a failure shows what the board printed. */
  async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
    try {
      return await broker.until(what, look);
    } catch (error) {
      throw new Error(`${String(error)}\nthe board printed:\n${board?.output()}`, { cause: error });
    }
  }

  async function answersTo(name: string, args: object): Promise<(string | undefined)[]> {
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

  /** The server's certificate comes from `authority`; the board trusts what is in ca.pem. */
  async function startTls(name: string, authority = makeTestAuthority(name)): Promise<string> {
    const sockets = new Set<Socket>();
    tls = createServer({ cert: authority.cert, key: authority.key }, (secure) => {
      const plain = connect(broker.port, '127.0.0.1');
      sockets.add(plain);
      for (const socket of [secure, plain]) socket.on('error', () => {});
      secure.pipe(plain).pipe(secure);
      secure.on('close', () => plain.destroy());
    });
    await new Promise<void>((resolve) => tls?.listen(0, '127.0.0.1', resolve));
    return authority.ca;
  }

  const tlsBroker = () => {
    const address = tls?.address();
    if (typeof address !== 'object' || address === null) throw new Error('no TLS server');
    return {
      host: '127.0.0.1',
      port: address.port,
      ca_file: 'ca.pem',
      server_name: 'hearth.local',
    };
  };

  beforeEach(async () => {
    board = undefined;
    tls = undefined;
    ntp = await startNtpServer();
    broker = await DeviceBroker.start({ secrets: new Map([[BOARD, SECRET]]) });
    folder = await mkdtemp(join(tmpdir(), 'hearth-pico-'));
    await mkdir(join(folder, 'pins'));
    await setPin(0);
  });

  afterEach(async () => {
    await board?.kill();
    tls?.close();
    ntp.close();
    await broker.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('introduces itself and reports, with the time of day', async () => {
    const before = Date.now();
    await boot();
    await until('three readings', () => readings().length >= 3);
    expect(broker.from(BOARD, 'status')[0]).toMatchObject({ payload: 'online', retain: true });
    const info = infoPayloadSchema.parse(JSON.parse(broker.from(BOARD, 'info')[0]?.payload ?? ''));
    expect(info).toMatchObject({ model: 'Raspberry Pi Pico W', interval: 1, sleeps: false });
    expect(info.metrics).toContainEqual({ name: 'contact', unit: '' });
    expect(sequence().slice(0, 3)).toEqual([0, 1, 2]);
    for (const reading of readings()) {
      expect(reading).toMatchObject({ contact: false, rssi: -61 });
      expect(reading['ts']).toBeGreaterThanOrEqual(before - 1_000);
      expect(reading['ts']).toBeLessThanOrEqual(Date.now());
    }
    expect(broker.messages.every(({ qos }) => qos === 1)).toBe(true);
  });

  it('reports a change at once, not at the next report', async () => {
    await boot({ interval_seconds: 3_600 });
    await until('the first reading', () => readings().length === 1);
    await setPin(1);
    const [, second] = await until('the change', () => readings().length === 2 && readings());
    expect(second).toMatchObject({ contact: true, seq: 1 });
  });

  it('obeys commands, and refuses in words what it cannot do', async () => {
    await boot({ interval_seconds: 3_600 });
    expect(await answersTo('interval', { seconds: 1 })).toEqual(['accepted', 'applied']);
    await until('reports in the new interval', () => readings().length >= 3);
    expect(await answersTo('interval', { seconds: 0 })).toEqual([
      'seconds must be a whole number from 1 to 3600',
    ]);
    expect(await answersTo('explode', {})).toEqual(['unknown command explode']);
  });

  it('measures while the server is away, and delivers all of it when it is back', async () => {
    await boot();
    await until('a reading', () => readings().length >= 1);
    const { port } = broker;
    await broker.stop();
    const seen = sequence().at(-1) ?? -1;
    await until('the board to notice', () => board?.output().includes('connection lost'));
    // The first tries find nobody; the wait between them grows.
    await until('a try in vain', () => /ECONNREFUSED|Errno/.test(board?.output() ?? ''));
    broker = await DeviceBroker.start({ secrets: new Map([[BOARD, SECRET]]), port });
    await until('the return', () => broker.listening.has(BOARD));
    const missed = await until('the backlog', () => sequence().length >= 4 && sequence());
    expect(broker.from(BOARD, 'telemetry')[0]?.payload.startsWith('[')).toBe(true);
    const first = missed[0] ?? -1;
    // The last one before the outage may come twice, if its acknowledgement was lost; nothing is missing.
    expect(first).toBeGreaterThanOrEqual(seen);
    expect(first).toBeLessThanOrEqual(seen + 1);
    expect(missed).toEqual(missed.map((_, index) => first + index));
    const times = readings().map(({ ts }) => Number(ts));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  }, 30_000);

  it('sends again what the server took and never acknowledged', async () => {
    const { port } = broker;
    const secrets = new Map([[BOARD, SECRET]]);
    await broker.stop();
    broker = await DeviceBroker.start({ secrets, port, withholdsAcknowledgements: true });
    await boot();
    await until('a reading', () => readings().length >= 1);
    await broker.stop();
    broker = await DeviceBroker.start({ secrets, port });
    await until('the same reading', () => sequence()[0] === 0);
  }, 30_000);

  it('leaves its will when the power fails', async () => {
    await boot();
    await until('a reading', () => readings().length >= 1);
    await board?.kill();
    await until('the will', () => broker.from(BOARD, 'status').some(({ kind }) => kind === 'will'));
    expect(broker.from(BOARD, 'status').at(-1)).toMatchObject({ payload: 'offline', retain: true });
  });

  it('keeps trying after a refusal, and says why', async () => {
    await boot({ secret: 'wrong' });
    const words = /link: wrong device id or secret\n[^]*link: wrong device id or secret\n/;
    await until('two refusals', () => words.test(board?.output() ?? ''));
    expect(readings()).toEqual([]);
  });

  it('sends what is new without a time while no time server answers', async () => {
    ntp.close();
    await boot();
    const [reading] = await until('a reading', () => readings().length >= 1 && readings());
    expect(reading).not.toHaveProperty('ts');
    ntp = await startNtpServer();
  }, 30_000);

  it('sleeps between reports: connects, delivers, says goodbye, stays "online"', async () => {
    await boot({ sleeps: true });
    await until('two wakes', () => broker.disconnects.length >= 2);
    expect(broker.disconnects.map(({ cause }) => cause)).toEqual(
      broker.disconnects.map(() => 'client-disconnect'),
    );
    expect(sequence().slice(0, 2)).toEqual([0, 1]);
    expect(broker.from(BOARD, 'status').map(({ payload }) => payload)).not.toContain('offline');
  });

  it('talks TLS to a server that its authority vouches for', async () => {
    await writeFile(join(folder, 'ca.pem'), await startTls('hearth.local'));
    await boot({ broker: tlsBroker() });
    await until('a reading', () => readings().length >= 1);
  });

  it.each([
    ['another authority', 'hearth.local', makeTestAuthority('hearth.local').ca],
    ['another name', 'other.local', undefined],
  ])('does not talk to a server with a certificate of %s', async (_what, name, otherCa) => {
    const ca = await startTls(name);
    await writeFile(join(folder, 'ca.pem'), otherCa ?? ca);
    await boot({ broker: tlsBroker() });
    const words = otherCa === undefined ? /link: .*name|link: .*CN/i : /link: .*certificate/i;
    await until('a refusal of the certificate', () => words.test(board?.output() ?? ''));
    expect(broker.connected.size).toBe(0);
  });

  it('names the mistake in its configuration', async () => {
    await boot({ interval_seconds: 0 });
    await until('the words', () =>
      board?.output().includes('config: interval_seconds must be from 1 to 3600'),
    );
  });
});
