// What people build around Mosquitto: an MQTT.js client that subscribes, gathers and inserts batches. A process of its own.
// It is as good as such a thing gets: one batch gathers while the other is committed, and the rows go in as binary arrays.
// MQTT.js acknowledges a message when its handler returns, so here, and at Mosquitto before, that is before the commit.
import { createDatabase } from '@hearth/db';
import { connectAsync } from 'mqtt';
import { loadFromApi } from './bench-api.js';

const MOST_ROWS = 5_000;
/** How often it tells how far it has come, milliseconds. */
const TELL_EVERY_MS = 5;

type Encode = (values: readonly number[]) => Buffer;

class Rows {
  readonly ids: number[] = [];
  readonly ts: number[] = [];
  readonly values: number[] = [];
}

const [port = '', databaseUrl = ''] = process.argv.slice(2);
const encode = (name: string): Promise<Encode> => loadFromApi('ingest/postgres-arrays.js', name);
const encodeIds = await encode('encodeInt4Array');
const encodeTimes = await encode('encodeTimestampArray');
const encodeValues = await encode('encodeFloat8Array');
const { pool } = await createDatabase(databaseUrl);
const seriesIds = new Map<string, number>();
const waiting: Rows[] = [];
let committed = 0;
let isCommitting = false;

await pool.query(
  'create table subscriber_reading (series_id int, ts timestamptz(3), value float8, primary key (series_id, ts))',
);
const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: 'subscriber' });
client.on('message', (topic, payload) => {
  const { value, ts } = JSON.parse(payload.toString()) as { value: number; ts: number };
  let id = seriesIds.get(topic);
  if (id === undefined) seriesIds.set(topic, (id = seriesIds.size));
  let rows = waiting.at(-1);
  if (rows === undefined || rows.ids.length >= MOST_ROWS) waiting.push((rows = new Rows()));
  rows.ids.push(id);
  rows.ts.push(ts);
  rows.values.push(value);
  if (!isCommitting) {
    isCommitting = true;
    setImmediate(() => void commit());
  }
});
await client.subscribeAsync('hearth/+/telemetry/+', { qos: 1 });
let told = 0;
setInterval(() => {
  if (committed !== told) process.send?.({ committed: (told = committed) });
}, TELL_EVERY_MS);
process.send?.({ committed });

async function commit(): Promise<void> {
  for (;;) {
    const rows = waiting.shift();
    if (rows === undefined) break;
    await pool.query({
      name: 'insert',
      text: `insert into subscriber_reading select * from unnest($1::int[], $2::timestamptz[], $3::float8[])
        on conflict do nothing`,
      values: [encodeIds(rows.ids), encodeTimes(rows.ts), encodeValues(rows.values)],
    });
    committed += rows.ids.length;
  }
  isCommitting = false;
}
