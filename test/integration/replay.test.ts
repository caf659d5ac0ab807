// Recorded data through the whole of Hearth: every reading is a row, once, however often it is published.
import { join } from 'node:path';
import { replayFolder, type ReplayReport } from '@hearth/simulator';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';
import { writeRecordings, type Recordings } from '../support/recordings.js';

let hearth: RunningHearth;
let recordings: Recordings;

beforeAll(async () => {
  [hearth, recordings] = await Promise.all([startHearth(), writeRecordings()]);
});

afterAll(async () => {
  await Promise.all([hearth.close(), recordings.remove()]);
});

const replay = (): Promise<ReplayReport> =>
  replayFolder(
    {
      apiUrl: `http://127.0.0.1:${hearth.app.httpPort}`,
      tokenFile: join(hearth.dataDir, 'local-token'),
      folder: recordings.folder,
    },
    new AbortController().signal,
    { print: () => {}, progress: () => {} },
  );

async function countRows(): Promise<{ rows: number; series: number; deadLetters: number }> {
  const [found] = await hearth.database.prisma.$queryRaw<
    { rows: number; series: number; dead_letters: number }[]
  >`select (select count(*)::int from reading) as rows,
           (select count(*)::int from series) as series,
           (select count(*)::int from dead_letter) as dead_letters`;
  return { rows: found!.rows, series: found!.series, deadLetters: found!.dead_letters };
}

describe('a replay of recorded data', () => {
  it('stores every reading before the acknowledgement, and once when it is run twice', async () => {
    const first = await replay();
    expect(first.failures).toEqual([]);
    expect(first.acknowledgedReadings).toBe(recordings.readings);
    const expected = { rows: recordings.readings, series: recordings.files, deadLetters: 0 };
    expect(await countRows()).toEqual(expected);

    const second = await replay();
    expect(second.acknowledgedReadings).toBe(recordings.readings);
    expect(await countRows()).toEqual(expected);
  }, 60_000);

  it('has one device per room, in a room of that name', async () => {
    const devices = await hearth.database.prisma.device.findMany({
      where: { id: { startsWith: 'replay-' } },
      select: { id: true, room: { select: { name: true } } },
      orderBy: { id: 'asc' },
    });
    expect(devices.map(({ id, room }) => `${id} in ${room?.name}`)).toEqual(
      recordings.rooms.map((room) => `replay-${room.toLowerCase()} in ${room}`),
    );
  });
});
