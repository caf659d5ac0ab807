// A disk that fills up below the database: named everywhere, nothing lost, nothing that spins, and over by itself with room.
import { healthSchema } from '@hearth/contracts';
import { createDatabase, type Database } from '@hearth/db';
import { join } from 'node:path';
import { openDatabase, type RunningDatabase } from '../../apps/cli/src/start/database.js';
import { eventually } from '../support/eventually.js';
import { RegisteredDevice } from '../support/registered-device.js';
import { itWithSmallDisk, mountSmallDisk, type SmallDisk } from '../support/small-disk.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

const MINUTE = 60_000;
const RESTART_MS = 200;
/** An empty cluster with Hearth's tables takes about 80 MiB. */
const DISK_KIB = 192 * 1024;
const MESSAGES = 900;
/** Of one message. All together need far more room than the files of the tables have left. */
const METRICS = 50;

let disk: SmallDisk | undefined;
let postgres: RunningDatabase | undefined;
let hearth: RunningHearth | undefined;
let database: Database | undefined;

afterEach(async () => {
  await database?.close();
  await hearth?.close();
  await postgres?.stop();
  disk?.unmount();
}, MINUTE);

/** A house whose database lies on a small disk of its own. */
async function startOnSmallDisk(told: string[]) {
  disk = mountSmallDisk(DISK_KIB);
  const dataDir = join(disk.path, 'data');
  // How the pauses grow has a test of its own.
  const pauses = { next: () => RESTART_MS };
  postgres = await openDatabase(dataDir, undefined, (message) => void told.push(message), pauses);
  const { url } = postgres;
  const env = { HEARTH_DATA_DIR: dataDir };
  hearth = await startHearth({ linkDatabase: async () => url, env });
  database = await createDatabase(url);
  const device = await RegisteredDevice.register(hearth, { name: 'Porch' });
  const client = await device.connectRaw({ version: 4 });
  return { disk, hearth, database, client, topic: device.topic('telemetry') };
}

const problem = async (of: RunningHearth) =>
  healthSchema.parse((await of.anonymous().get('/api/health')).json()).problem;

function telemetry(ts: number): string {
  const metrics = Array.from({ length: METRICS }, (_, index) => [`m${index}`, index]);
  return JSON.stringify({ ts, ...Object.fromEntries(metrics) });
}

async function countReadings(of: Database): Promise<number> {
  const { rows } = await of.pool.query<{ n: number }>('select count(*)::int as n from reading');
  return rows[0]?.n ?? 0;
}

describe('a disk that is full', () => {
  itWithSmallDisk(
    'keeps readings waiting unacknowledged, says so, and takes all of them when there is room',
    async () => {
      const house = await startOnSmallDisk([]);
      const { client, topic } = house;
      const first = Date.now() - MINUTE;
      await client.publish({ topic, payload: telemetry(first), qos: 1 });
      expect(await problem(house.hearth)).toBeNull();

      house.disk.fill();
      for (let n = 1; n <= MESSAGES; n += 1) {
        client.sendPublish({ topic, payload: telemetry(first + n * 60), qos: 1, packetId: n });
      }
      await eventually(
        'the full disk has a name',
        async () => (await problem(house.hearth)) === 'disk-full',
      );
      await client.expectNothing();

      house.disk.free();
      for (let messageId = 1; messageId <= MESSAGES; messageId += 1) {
        await client.expect('puback', { messageId });
      }
      expect(await countReadings(house.database)).toBe((MESSAGES + 1) * METRICS);
      await eventually('all is well again', async () => (await problem(house.hearth)) === null);
      client.cut();
    },
    2 * MINUTE,
  );

  itWithSmallDisk(
    'that stops Postgres itself is told once, and Postgres is back by itself when there is room',
    async () => {
      const told: string[] = [];
      const house = await startOnSmallDisk(told);
      const { client, topic } = house;
      house.disk.fill();
      // The journal needs its next file: Postgres ends itself, and cannot start.
      const switchJournal = () =>
        house.database.pool.query(
          'select pg_logical_emit_message(false, $1, $1), pg_switch_wal()',
          ['x'],
        );
      while ((await switchJournal().catch(() => undefined)) !== undefined);
      const isTold = (message: string): boolean => message.includes('is full');
      await eventually('the supervisor says why', async () => told.some(isTold));
      await eventually(
        'the full disk has a name',
        async () => (await problem(house.hearth)) === 'disk-full',
      );
      const messageId = client.sendPublish({ topic, payload: telemetry(Date.now()), qos: 1 });
      await client.expectNothing();
      expect(told.filter(isTold)).toHaveLength(1);

      house.disk.free();
      await client.expect('puback', { messageId });
      expect(told.at(-1)).toBe('The database is back.');
      expect(await countReadings(house.database)).toBe(METRICS);
      await eventually('all is well again', async () => (await problem(house.hearth)) === null);
      client.cut();
    },
    2 * MINUTE,
  );
});
