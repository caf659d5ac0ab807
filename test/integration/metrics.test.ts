// What Prometheus sees, and who else does.
import { readFile } from 'node:fs/promises';
import { eventually } from '../support/eventually.js';
import { RegisteredDevice } from '../support/registered-device.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

describe('/metrics', () => {
  let hearth: RunningHearth;
  beforeAll(async () => {
    hearth = await startHearth();
  });
  afterAll(async () => {
    await hearth.close();
  });

  it('counts messages, readings, devices and the delay of the event loop', async () => {
    const device = await RegisteredDevice.register(hearth);
    const client = await device.connect();
    await client.publishAsync(device.topic('telemetry'), '{"temperature":21,"humidity":40}', {
      qos: 1,
    });
    await client.publishAsync(device.topic('telemetry'), 'not JSON', { qos: 1 });
    const again = '{"ts":1700000000000,"temperature":21}';
    for (let time = 0; time < 2; time += 1) {
      await client.publishAsync(device.topic('telemetry'), again, { qos: 1 });
    }
    await client.publishAsync(device.topic('telemetry'), again.replace('17', '9'), { qos: 1 });
    const { status, text, headers } = await hearth.local.get('/metrics');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
    for (const line of [
      'hearth_broker_clients 1',
      'hearth_broker_messages_total{direction="in",qos="1"} 5',
      'hearth_ingest_readings_total 4',
      'hearth_ingest_stored_total 3',
      'hearth_ingest_duplicates_total 1',
      'hearth_ingest_dead_letters_total 2',
      'hearth_ingest_commit_rows_bucket{le="1"} 2',
      'hearth_ingest_commit_rows_bucket{le="2"} 3',
      'hearth_ingest_commit_rows_bucket{le="+Inf"} 3',
      'hearth_ingest_commit_rows_sum 4',
      'hearth_ingest_commit_duration_seconds_count 3',
      'hearth_ingest_acknowledgement_duration_seconds_count 3',
      'hearth_ingest_failing_since_timestamp_seconds 0',
      'hearth_ingest_refused_total{step="normalise",code="ts-too-old"} 1',
      'hearth_rollup_recomputed_hours_total 0',
      'hearth_page_packed_days_total 0',
      'hearth_page_unpacked_days_total 0',
      'hearth_devices{state="online"} 1',
      'hearth_devices{state="offline"} 0',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toMatch(/^hearth_ingest_refused_total\{step="parse",code="[^"]+"\} 1$/m);
    expect(text).toMatch(/^hearth_event_loop_delay_seconds\{quantile="0.99"\} [\d.e-]+$/m);
    await client.endAsync();
  });

  it('tells the hours that wait to be rolled up, once they were counted', async () => {
    const stale = async () =>
      /^hearth_rollup_stale_hours (\d+)$/m.exec((await hearth.local.get('/metrics')).text)?.[1];
    await eventually('they are counted', async () => (await stale()) !== undefined);
  });

  it('has what docs/metrics.md lists, and nothing else', async () => {
    const { text } = await hearth.local.get('/metrics');
    const told = [...text.matchAll(/^# TYPE (\S+ \S+)$/gm)].map(([, one]) => one);
    const docs = await readFile(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
    const listed = [...docs.matchAll(/^\| `(hearth_\w+)[^`]*` +\| (\w+) /gm)];
    expect(new Set(listed.map(([, name, type]) => `${name} ${type}`))).toEqual(new Set(told));
    expect(listed).toHaveLength(told.length);
  });

  it('is closed to strangers, unless the owner opens it', async () => {
    expect((await hearth.anonymous().get('/metrics')).status).toBe(401);
    const open = await startHearth({ env: { HEARTH_METRICS_OPEN: 'true' } });
    const answer = await open.anonymous().get('/metrics');
    await open.close();
    expect(answer.status).toBe(200);
  });
});
