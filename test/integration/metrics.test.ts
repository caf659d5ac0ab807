// What Prometheus sees, and who else does.
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
    const { status, text, headers } = await hearth.local.get('/metrics');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
    for (const line of [
      'hearth_broker_clients 1',
      'hearth_broker_messages_total{direction="in",qos="1"} 2',
      'hearth_ingest_readings_total 2',
      'hearth_ingest_stored_total 2',
      'hearth_devices{state="online"} 1',
      'hearth_devices{state="offline"} 0',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toMatch(/^hearth_ingest_refused_total\{step="parse",code="[^"]+"\} 1$/m);
    expect(text).toMatch(/^hearth_event_loop_delay_seconds\{quantile="0.99"\} [\d.e-]+$/m);
    await client.endAsync();
  });

  it('is closed to strangers, unless the owner opens it', async () => {
    expect((await hearth.anonymous().get('/metrics')).status).toBe(401);
    const open = await startHearth({ env: { HEARTH_METRICS_OPEN: 'true' } });
    const answer = await open.anonymous().get('/metrics');
    await open.close();
    expect(answer.status).toBe(200);
  });
});
