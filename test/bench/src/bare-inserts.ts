// The bound: what Postgres takes of the same rows when nothing is done but to insert them. One process, one connection, one
// commit after the other; no broker, no parsing, no roll-ups to mark. Nobody who acknowledges after the commit is faster.
import { createDatabase } from '@hearth/db';
import { loadFromApi } from './bench-api.js';
import { pause } from './figures.js';

const ROWS_PER_BATCH = 5_000;
const WARM_UP_MS = 500;

type Encode = (values: readonly number[]) => Buffer;

/** Rows a second, into a table like \`reading\` with its key; \`series\` take turns. */
export async function measureBareInserts(
  databaseUrl: string,
  series: number,
  seconds: number,
): Promise<number> {
  const encode = (name: string): Promise<Encode> => loadFromApi('ingest/postgres-arrays.js', name);
  const encodeIds = await encode('encodeInt4Array');
  const encodeTimes = await encode('encodeTimestampArray');
  const encodeValues = await encode('encodeFloat8Array');
  const database = await createDatabase(databaseUrl);
  try {
    await database.pool.query(
      'create table bare_reading (series_id int, ts timestamptz(3), value float8, primary key (series_id, ts))',
    );
    const firstMs = Date.now();
    const values = Array.from({ length: ROWS_PER_BATCH }, () => 21.37);
    let row = 0;
    const insert = async (): Promise<void> => {
      const ids: number[] = [];
      const ts: number[] = [];
      for (const end = row + ROWS_PER_BATCH; row < end; row += 1) {
        ids.push(row % series);
        ts.push(firstMs + Math.floor(row / series));
      }
      await database.pool.query({
        name: 'bare-insert',
        text: 'insert into bare_reading select * from unnest($1::int[], $2::timestamptz[], $3::float8[])',
        values: [encodeIds(ids), encodeTimes(ts), encodeValues(values)],
      });
    };
    await pause(WARM_UP_MS);
    const warmUntil = performance.now() + WARM_UP_MS;
    while (performance.now() < warmUntil) await insert();
    const [from, begun] = [row, performance.now()];
    while (performance.now() - begun < seconds * 1_000) await insert();
    return ((row - from) * 1_000) / (performance.now() - begun);
  } finally {
    await database.close();
  }
}
