// The replay against our real broker, with a provisioning server that speaks the contract.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provisionRequestSchema, type ProvisionResponse } from '@hearth/contracts';
import { replayFolder, SimulatorError, type ReplayReport } from '@hearth/simulator';
import { DeviceBroker } from '../support/device-broker.js';
import { writeRecordings, type Recordings } from '../support/recordings.js';

const TOKEN = 'a local token';
const ROOM_IDS = ['replay-attic', 'replay-cellar', 'replay-studio'];

let broker: DeviceBroker;
let api: Server;
let recordings: Recordings;
let dataFolder: string;
let printed: string[];
let neverStop: AbortController;

/** Answers `POST /api/simulator/devices` as the api does. */
function startApi(brokerUrl: string): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.headers.authorization !== `Bearer ${TOKEN}`) {
        response.writeHead(401).end();
        return;
      }
      const { devices } = provisionRequestSchema.parse(
        JSON.parse(Buffer.concat(chunks).toString()),
      );
      const answer: ProvisionResponse = {
        brokerUrl,
        credentials: devices.map(({ id }) => ({ id, secret: `secret of ${id}` })),
      };
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const apiUrl = () => `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
const tokenFile = () => join(dataFolder, 'local-token');

function replay(folder = recordings.folder, stop = neverStop.signal): Promise<ReplayReport> {
  return replayFolder({ apiUrl: apiUrl(), tokenFile: tokenFile(), folder }, stop, {
    print: (line) => printed.push(line),
    progress: () => {},
  });
}

/** Every reading that arrived, as text, doubles counted once. */
function arrived(): Set<string> {
  return new Set(
    ROOM_IDS.flatMap((id) =>
      broker
        .telemetryOf(id)
        .flatMap(({ ts, ...metrics }) => Object.keys(metrics).map((name) => `${id} ${name} ${ts}`)),
    ),
  );
}

beforeEach(async () => {
  printed = [];
  neverStop = new AbortController();
  broker = await DeviceBroker.start({
    secrets: new Map(ROOM_IDS.map((id) => [id, `secret of ${id}`])),
  });
  api = await startApi(broker.url);
  recordings = await writeRecordings();
  dataFolder = await mkdtemp(join(tmpdir(), 'hearth-replay-'));
  await writeFile(tokenFile(), `${TOKEN}\n`);
});

afterEach(async () => {
  api.close();
  await Promise.all([
    broker.stop(),
    recordings.remove(),
    rm(dataFolder, { recursive: true, force: true }),
  ]);
});

describe(replayFolder.name, () => {
  it('publishes every reading of every file, as one device per room', async () => {
    const report = await replay();
    expect(report).toMatchObject({
      files: recordings.files,
      rooms: 3,
      readings: recordings.readings,
      acknowledgedReadings: recordings.readings,
      malformedLines: 0,
      failures: [],
    });
    expect(report.acknowledgedMessages).toBe(report.messages);
    expect(arrived().size).toBe(recordings.readings);
    const metrics = broker.telemetryOf('replay-studio').flatMap((entry) => Object.keys(entry));
    expect(new Set(metrics)).toEqual(
      new Set(['ts', 'thermostat_temperature_left', 'thermostat_temperature_right']),
    );
    expect(broker.telemetryOf('replay-attic')[0]?.['ts']).toBe(1_600_000_000_000);
    expect(broker.from('replay-attic', 'status').at(-1)?.payload).toBe('offline');
    expect(broker.messages.every(({ qos }) => qos === 1)).toBe(true);
  });

  it('comes back and sends again when its connection is lost on the way', async () => {
    const running = replay();
    await broker.until(
      'a first message',
      () => broker.from('replay-cellar', 'telemetry').length > 0,
    );
    broker.cut('replay-cellar');
    const report = await running;
    expect(report.failures).toEqual([]);
    expect(report.acknowledgedReadings).toBe(recordings.readings);
    expect(arrived().size).toBe(recordings.readings);
  });

  it('reports malformed lines by file and line, and publishes the others', async () => {
    await recordings.remove();
    recordings = await writeRecordings({
      'Cellar_Humidity.csv': '1600000000\t40\nrubbish\n1600000300\tNaN\n1600000600\t41\n',
      'notes.csv': 'no recording',
    });
    const report = await replay();
    expect(report).toMatchObject({
      readings: recordings.readings + 2,
      malformedLines: 2,
      failures: [],
    });
    expect(printed).toEqual([
      'notes.csv is not named <Room>_<Quantity>.csv: skipped',
      'Cellar_Humidity.csv:2 is not a time, a TAB and a value',
      'Cellar_Humidity.csv:3 value "NaN" is not a number',
    ]);
  });

  it('names what failed when a room is not let in, and publishes the others', async () => {
    await broker.stop();
    broker = await DeviceBroker.start({
      port: broker.port,
      secrets: new Map([['replay-attic', 'secret of replay-attic']]),
    });
    api.close();
    api = await startApi(broker.url);
    const stop = new AbortController();
    const running = replay(recordings.folder, stop.signal);
    await broker.until('the end of the attic', () =>
      broker.from('replay-attic', 'status').some(({ payload }) => payload === 'offline'),
    );
    stop.abort();
    const report = await running;
    expect(report.acknowledgedReadings).toBe(2_512);
    expect(report.failures).toEqual([
      expect.stringMatching(
        /^(Cellar|Studio): no connection .*Bad User Name or Password/,
      ) as string,
      expect.stringMatching(
        /^(Cellar|Studio): no connection .*Bad User Name or Password/,
      ) as string,
      'stopped before the end',
    ]);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'Hearth is not running',
      async () => {
        await new Promise((resolve) => api.close(resolve));
      },
      /does not answer at http:\/\/127\.0\.0\.1:\d+; start Hearth first with: npm start/,
    ],
    ['the token is missing', () => rm(tokenFile()), /no token file .*start Hearth first/],
    ['the token is another one', () => writeFile(tokenFile(), 'x'), /did not accept the token/],
    ['the folder is missing', () => recordings.remove(), /cannot read the folder/],
  ])('says what to do when %s', async (_what, spoil, message) => {
    const url = apiUrl();
    await spoil();
    const attempt = replayFolder(
      { apiUrl: url, tokenFile: tokenFile(), folder: recordings.folder },
      neverStop.signal,
      { print: () => {}, progress: () => {} },
    );
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toBeInstanceOf(SimulatorError);
  });

  it('says so when there is nothing to replay', async () => {
    await expect(replay(dataFolder)).rejects.toThrow(/has no recordings/);
  });
});
