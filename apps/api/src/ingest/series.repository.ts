import { Inject, Injectable } from '@nestjs/common';
import { infoPayloadSchema, type DeviceId, type InfoPayload } from '@hearth/contracts';
import type { Database } from '@hearth/db';
import type { SavedSeries, Series } from '@hearth/ingest';
import { DATABASE } from '../database/database.js';

interface SavedRow {
  id: number;
  device_id: string;
  metric: string;
  kind: SavedSeries['kind'];
  unit: string;
  /** Epoch milliseconds; null without any value. */
  ts: number | null;
  value: number | null;
  text: string | null;
}

@Injectable()
export class SeriesRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** Every series with its newest value: one step into the index of each partition, however large they are. */
  async listAll(): Promise<SavedSeries[]> {
    const { rows } = await this.#database.pool.query<SavedRow>(`
      select s.id, s.device_id, s.metric, s.kind::text, s.unit, n.value, c.text,
        (extract(epoch from coalesce(n.ts, c.ts)) * 1000)::float8 as ts
      from series s
      left join lateral (
        select ts, value from (
          (select ts, value from reading where series_id = s.id order by ts desc limit 1)
          union all
          (select newest_at, newest from reading_page where series_id = s.id order by day desc limit 1)
        ) as newest order by ts desc limit 1
      ) n on s.kind <> 'text'
      left join lateral (
        select ts, value as text from state_change where series_id = s.id order by ts desc limit 1
      ) c on s.kind = 'text'`);
    return rows.map(({ id, device_id, metric, kind, unit, ts, value, text }) => {
      const newest = value ?? text;
      return {
        id,
        deviceId: device_id as DeviceId,
        metric,
        kind,
        unit,
        latest: ts === null || newest === null ? undefined : { ts, value: newest },
      };
    });
  }

  /** What devices declared of themselves. */
  async listDeclarations(): Promise<(readonly [string, InfoPayload])[]> {
    const { rows } = await this.#database.pool.query<{ id: string; info: unknown }>(
      'select id, info from device where info is not null',
    );
    return rows.flatMap(({ id, info }) => {
      const parsed = infoPayloadSchema.safeParse(info);
      return parsed.success ? [[id, parsed.data] as const] : [];
    });
  }

  /**
   * Makes the rows of new series, or brings their unit up to date, and sets their `id`. A series whose device is gone, or
   * that another process made with another kind, is left without one.
   */
  async save(unsaved: ReadonlySet<Series>): Promise<void> {
    const all = [...unsaved];
    const { rows } = await this.#database.pool.query<{
      id: number;
      device_id: string;
      metric: string;
      kind: string;
    }>(
      `insert into series (device_id, metric, unit, kind)
       select n.device_id, n.metric, n.unit, n.kind::"SeriesKind"
       from unnest($1::text[], $2::text[], $3::text[], $4::text[])
         with ordinality as n (device_id, metric, unit, kind, place)
       join device on device.id = n.device_id
       order by n.place
       on conflict (device_id, metric) do update set unit = excluded.unit
       returning id, device_id, metric, kind::text`,
      [
        all.map(({ deviceId }) => deviceId),
        all.map(({ metric }) => metric),
        all.map(({ unit }) => unit),
        all.map(({ kind }) => kind),
      ],
    );
    const saved = new Map(rows.map((row) => [`${row.device_id} ${row.metric}`, row]));
    for (const series of all) {
      const row = saved.get(`${series.deviceId} ${series.metric}`);
      if (row?.kind !== series.kind) continue;
      series.id = row.id;
      series.saved = true;
    }
  }
}
