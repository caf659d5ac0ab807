// How long a home keeps its history, over HTTP: asked, tried out, changed, and what is seen of it.
import {
  aggregateSchema,
  DEFAULT_RETENTION,
  historySchema,
  homeRetentionSchema,
  retentionPreviewSchema,
  type History,
} from '@hearth/contracts';
import { FakeClock } from '@hearth/testkit';
import { eventually } from '../support/eventually.js';
import { RegisteredDevice } from '../support/registered-device.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PATH = '/api/home/retention';

describe('the history of a home', () => {
  const now = Date.UTC(2026, 10, 25, 12);
  /** The last hour has been over for long enough to be rolled up. */
  const clock = new FakeClock(now + 5 * 60_000);
  const today = Date.UTC(2026, 10, 25);
  let hearth: RunningHearth;
  let device: RegisteredDevice;
  let seriesId: number;
  beforeAll(async () => {
    hearth = await startHearth({ clock });
    device = await RegisteredDevice.register(hearth);
    const board = await device.connect();
    // One reading every hour for forty days.
    const backfill = Array.from({ length: 960 }, (_, hour) => ({
      ts: now - (960 - hour) * HOUR,
      temperature: 20 + (hour % 24) / 10,
    }));
    await board.publishAsync(device.topic('telemetry'), JSON.stringify(backfill), { qos: 1 });
    await board.endAsync();
    const series = await hearth.database.prisma.series.findFirstOrThrow({});
    seriesId = series.id;
    // It rolls up as it starts.
    await hearth.restart();
    await eventually('all hours are rolled up', async () => (await marks()) === 0);
  });
  afterAll(() => hearth.close());

  const marks = () => hearth.database.prisma.rollupDirty.count();
  const read = async () => homeRetentionSchema.parse((await hearth.owner.get(PATH)).json());
  const preview = async (query: string) =>
    retentionPreviewSchema.parse((await hearth.owner.get(`${PATH}/preview?${query}`)).json());
  const history = async (fromMs: number, toMs: number): Promise<History> =>
    historySchema.parse(
      (
        await hearth.owner.get(
          `/api/series/${seriesId}/history?from=${fromMs}&to=${toMs}&points=500`,
        )
      ).json(),
    );

  it('says what is kept, what that takes, and what it will take', async () => {
    const { settings, stored, readingsPerHour, forecast, ...rest } = await read();
    expect(settings).toEqual(DEFAULT_RETENTION);
    expect(rest).toEqual({ detailFrom: null, removal: null });
    expect(readingsPerHour).toBeCloseTo(1, 1);
    // The reading, or its page's day.
    expect([now - 40 * DAY, today - 40 * DAY]).toContain(stored.by.fullDetailDays.oldest);
    expect(stored.by.hourlyDays.bytes).toBeGreaterThan(0);
    const { inOneYear, inTenYears, atMost, growthPerYear } = forecast!;
    expect(inTenYears).toBeGreaterThan(inOneYear);
    expect(atMost).toBeNull();
    // An hour is a row of a hundred bytes and a bit, and a day is.
    expect(growthPerYear).toBeGreaterThan(365 * 25 * 80);
    expect(growthPerYear).toBeLessThan(365 * 25 * 400);
  });

  it('says what other times would take and remove, and changes nothing', async () => {
    const { removes, forecast } = await preview(
      'fullDetailDays=14&hourlyDays=14&dailyDays=forever',
    );
    expect(removes.map(({ setting, before }) => [setting, before])).toEqual([
      ['fullDetailDays', today - 14 * DAY],
      ['hourlyDays', today - 14 * DAY],
    ]);
    for (const { bytes } of removes) expect(bytes).toBeGreaterThan(0);
    expect(forecast!.inTenYears).toBeLessThan((await read()).forecast!.inTenYears);
    expect((await preview('fullDetailDays=365')).removes).toEqual([]);
    expect((await read()).settings).toEqual(DEFAULT_RETENTION);
  });

  it.each([
    [{ fullDetailDays: 13 }, 'fullDetailDays'],
    [{ eventDays: 36_526 }, 'eventDays'],
    [{ stateDays: 14.5 }, 'stateDays'],
    [{ fullDetailDays: 30, hourlyDays: 29 }, 'hourlyDays'],
    [{ hourlyDays: 2_000, dailyDays: 1_999 }, 'dailyDays'],
    [{ fullDetailDays: null, hourlyDays: 400 }, 'hourlyDays'],
    [{ dailyDays: 3_000 }, 'dailyDays'],
  ])('refuses %j and names the field', async (change, field) => {
    const answer = await hearth.owner.patch(PATH, change);
    expect(answer.status).toBe(422);
    expect(answer.problem().errors?.map((error) => error.field)).toEqual([field]);
  });

  it('is changed by the owner only', async () => {
    for (const role of ['member', 'viewer'] as const) {
      const other = await hearth.signInAs(role);
      expect((await other.get(PATH)).status).toBe(200);
      expect((await other.patch(PATH, { stateDays: 30 })).status).toBe(403);
    }
    expect((await hearth.anonymous().get(PATH)).status).toBe(401);
    expect((await hearth.anonymous().get(`${PATH}/preview`)).status).toBe(401);
  });

  it('removes what is older, shows hours in its place and refuses what comes late', async () => {
    const before = await history(now - 40 * DAY, now - 25 * DAY);
    expect(before.bucketMs).toBe(0);
    const sums = `/api/series/${seriesId}/aggregate?kind=daily&per=day&from=${today - 30 * DAY}&to=${today - 28 * DAY}`;
    const daily = aggregateSchema.parse((await hearth.owner.get(sums)).json());
    const answer = await hearth.owner.patch(PATH, { fullDetailDays: 20 });
    expect(answer.status).toBe(200);
    expect(homeRetentionSchema.parse(answer.json()).settings.fullDetailDays).toBe(20);
    await eventually('it is removed', async () => {
      const { detailFrom, removal } = await read();
      return detailFrom === today - 20 * DAY && removal === null;
    });

    const after = await history(now - 40 * DAY, now - 25 * DAY);
    expect(after.bucketMs).toBe(HOUR);
    expect(after.buckets).toEqual(before.buckets);
    const within = await history(now - 5 * DAY, now);
    expect(within.bucketMs).toBe(0);
    expect(within.buckets).toHaveLength(5 * 24);
    const mended = aggregateSchema.parse((await hearth.owner.get(sums)).json());
    expect(mended.from).toBe('hour');
    expect(mended.periods.map((period) => ({ ...period, mean: 0, covered: 0 }))).toEqual(
      daily.periods.map((period) => ({ ...period, mean: 0, covered: 0 })),
    );

    const board = await device.connect();
    const late = JSON.stringify({ ts: now - 30 * DAY, temperature: 99 });
    await board.publishAsync(device.topic('telemetry'), late, { qos: 1 });
    await eventually('the late reading is a dead letter', async () => {
      const letters = await hearth.database.prisma.deadLetter.findMany();
      return letters.map(({ code }) => code).join() === 'ts-not-kept';
    });
    // Also after a start.
    await hearth.restart();
    const again = await device.connect();
    await again.publishAsync(device.topic('telemetry'), late, { qos: 1 });
    await eventually('the late reading is refused again', async () => {
      return (await hearth.database.prisma.deadLetter.count()) === 2;
    });
    await again.endAsync();
    expect((await history(now - 40 * DAY, now - 25 * DAY)).buckets).toEqual(before.buckets);
    await board.endAsync().catch(() => undefined);

    const audit = await hearth.database.prisma.auditEntry.findMany({
      where: { action: 'home.retention-changed' },
    });
    expect(audit.map(({ homeId, detail }) => ({ homeId, detail }))).toEqual([
      { homeId: hearth.home.id, detail: { ...DEFAULT_RETENTION, fullDetailDays: 20 } },
    ]);
  });

  it('shows days where hours are removed too', async () => {
    await hearth.owner.patch(PATH, { hourlyDays: 25 });
    await eventually('hours are removed', async () => {
      return (await hearth.database.prisma.rollupHour.count()) === 25 * 24 + 12;
    });
    const { bucketMs, buckets } = await history(today - 40 * DAY, today - 30 * DAY);
    expect(bucketMs).toBe(DAY);
    expect(buckets.map(([, , , , count]) => count)).toEqual([12, ...Array(9).fill(24)]);
  });
});
