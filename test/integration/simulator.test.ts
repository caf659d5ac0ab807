// A simulated house against our real broker: only its clock is ours.
import { randomUUID } from 'node:crypto';
import {
  climateStateSchema,
  infoPayloadSchema,
  METRICS,
  responsePayloadSchema,
  SIMULATION_CONTROLLER_ID,
  statePayloadSchema,
} from '@hearth/contracts';
import { HOUSE, RunningHouse } from '@hearth/simulator';
import { FakeClock } from '@hearth/testkit';
import { DeviceBroker } from '../support/device-broker.js';

const HEAT_PUMP = 'living-room-heat-pump';
const secrets = new Map(HOUSE.boards.map(({ id }) => [id, `secret of ${id}`]));
const sleepers = HOUSE.boards.filter((board) => board.sleeps === true).map(({ id }) => id);
const awake = HOUSE.boards.filter((board) => board.sleeps !== true).map(({ id }) => id);

let broker: DeviceBroker;
let clock: FakeClock;
let house: RunningHouse;
let lines: string[];

function makeHouse(more: { historyHours?: number; secrets?: Map<string, string> } = {}) {
  return new RunningHouse({
    house: HOUSE,
    seed: 1,
    speed: 1,
    historyHours: more.historyHours ?? 0,
    utcOffsetMs: 0,
    brokerUrl: broker.url,
    secrets: more.secrets ?? secrets,
    clock,
    report: (deviceId, text) => lines.push(`${deviceId} ${text}`),
  });
}

const allListening = () => awake.every((id) => broker.listening.has(id));
const lastPayload = (deviceId: string, below: string) =>
  broker.from(deviceId, below).at(-1)?.payload;
const responses = (deviceId: string) =>
  broker
    .from(deviceId, 'response')
    .map(({ payload }) => responsePayloadSchema.parse(JSON.parse(payload)));

/** Sends a command to a device of the house; its id. */
function command(deviceId: string, name: string, args: object, expiresInMs = 10_000): string {
  const id = randomUUID();
  broker.command(deviceId, name, { id, args, expiresAt: clock.now() + expiresInMs });
  return id;
}

/** Waits until the command is answered for good; the statuses in their order. */
async function answersTo(deviceId: string, id: string): Promise<string[]> {
  return broker.until(`answer of ${deviceId}`, () => {
    const statuses = responses(deviceId)
      .filter((response) => response.id === id)
      .map(({ status }) => status);
    return statuses.some((status) => status !== 'accepted') && statuses;
  });
}

beforeEach(async () => {
  lines = [];
  clock = new FakeClock();
  broker = await DeviceBroker.start({ secrets });
  house = makeHouse();
});

afterEach(async () => {
  await house.stop();
  await broker.stop();
});

describe(RunningHouse.name, () => {
  it('brings every board online with birth, info and readings of its own', async () => {
    house.start();
    await broker.until('readings of all boards', () =>
      HOUSE.boards.every(({ id }) => broker.telemetryOf(id).length > 0),
    );
    for (const { id, kind } of HOUSE.boards) {
      expect(broker.from(id, 'status')[0]).toMatchObject({
        payload: 'online',
        qos: 1,
        retain: true,
        kind: 'publish',
      });
      const info = infoPayloadSchema.parse(JSON.parse(lastPayload(id, 'info') ?? ''));
      expect(info.climate !== undefined).toBe(kind === 'thermostat');
      const [reading = {}] = broker.telemetryOf(id);
      expect(reading['seq']).toBe(0);
      expect(reading['ts']).toBe(clock.now());
      const { ts: _ts, seq: _seq, ...metrics } = reading;
      expect(Object.keys(metrics).length).toBeGreaterThan(0);
      for (const name of Object.keys(metrics)) expect(METRICS.has(name)).toBe(true);
    }
    expect(broker.messages.every(({ qos }) => qos === 1)).toBe(true);
  });

  it('reports again after each interval, with the next sequence number', async () => {
    house.start();
    await broker.until('the first report', () => broker.telemetryOf('house-energy').length === 1);
    clock.advance(5_000);
    await broker.until('the second report', () => broker.telemetryOf('house-energy').length === 2);
    const [first, second] = broker.telemetryOf('house-energy');
    expect(second).toMatchObject({ seq: 1, ts: Number(first?.['ts']) + 5_000 });
  });

  it('lets battery boards sleep between reports without a word of farewell', async () => {
    house.start();
    await broker.until('all sleepers asleep', () =>
      sleepers.every((id) => broker.disconnects.some(({ clientId }) => clientId === id)),
    );
    for (const id of sleepers) {
      const { cause } = broker.disconnects.find(({ clientId }) => clientId === id) ?? {};
      expect(cause).toBe('client-disconnect');
      expect(lastPayload(id, 'status')).toBe('online');
    }
    clock.advance(60_000);
    await broker.until('their next report', () =>
      sleepers.every((id) => broker.telemetryOf(id).length >= 2),
    );
  });

  it('lets the thermostat obey, answer and show its new state before it says applied', async () => {
    house.start();
    await broker.until('all listening', allListening);
    await broker.until('a first state', () => lastPayload(HEAT_PUMP, 'state'));
    const id = command(HEAT_PUMP, 'climate', { mode: 'heat', target: 26 });
    expect(await answersTo(HEAT_PUMP, id)).toEqual(['accepted', 'applied']);
    const order = broker.messages
      .filter(({ deviceId, below }) => deviceId === HEAT_PUMP && below !== 'telemetry')
      .slice(-3);
    expect(order.map(({ below }) => below)).toEqual(['response', 'state', 'response']);
    const state = statePayloadSchema.parse(JSON.parse(lastPayload(HEAT_PUMP, 'state') ?? ''));
    expect(climateStateSchema.parse(state.climate)).toMatchObject({ mode: 'heat', target: 26 });
    clock.advance(10_000);
    await broker.until('heating', () => broker.telemetryOf(HEAT_PUMP).at(-1)?.['heating'] === true);
  });

  it('rejects what it cannot do in words, and drops what came too late', async () => {
    house.start();
    await broker.until('all listening', allListening);
    const late = command(HEAT_PUMP, 'climate', { target: 20 }, 0);
    const impossible = command(HEAT_PUMP, 'climate', { target: 34 });
    expect(await answersTo(HEAT_PUMP, impossible)).toEqual(['rejected']);
    expect(responses(HEAT_PUMP)).toEqual([
      {
        id: impossible,
        status: 'rejected',
        reason: expect.stringContaining('between 7 and 30') as string,
      },
    ]);
    expect(lines).toContain(`${HEAT_PUMP} command climate came too late`);
    expect(responses(HEAT_PUMP).some(({ id }) => id === late)).toBe(false);
  });

  it('cuts the power of a device for a while: its will comes, then it boots', async () => {
    house.start();
    await broker.until('all listening', allListening);
    await broker.until('a reading', () => broker.telemetryOf('hall-motion').length > 0);
    const id = command(SIMULATION_CONTROLLER_ID, 'power-cut', {
      device: 'hall-motion',
      seconds: 30,
    });
    expect(await answersTo(SIMULATION_CONTROLLER_ID, id)).toEqual(['accepted', 'applied']);
    await broker.until('the will', () =>
      broker.from('hall-motion', 'status').some(({ kind }) => kind === 'will'),
    );
    expect(broker.from('hall-motion', 'status').at(-1)).toMatchObject({
      payload: 'offline',
      retain: true,
    });
    expect(broker.disconnects.find(({ clientId }) => clientId === 'hall-motion')?.cause).toBe(
      'socket-closed',
    );
    clock.advance(20_000);
    expect(broker.connected.has('hall-motion')).toBe(false);
    clock.advance(10_000);
    await broker.until('the return', () => broker.connected.has('hall-motion'));
    const bootedMs = clock.now();
    clock.advance(500);
    // Memory is lost with the power: the sequence begins again.
    await broker.until('a reading after the boot', () => {
      const reading = broker.telemetryOf('hall-motion').at(-1);
      return reading?.['seq'] === 0 && Number(reading['ts']) >= bootedMs;
    });
  });

  it('refuses to cut what is not there, or itself', async () => {
    house.start();
    await broker.until('all listening', allListening);
    for (const device of ['cellar', SIMULATION_CONTROLLER_ID]) {
      const id = command(SIMULATION_CONTROLLER_ID, 'power-cut', { device });
      expect(await answersTo(SIMULATION_CONTROLLER_ID, id)).toEqual(['rejected']);
    }
  });

  it('measures on while the server is away, and delivers all of it in order', async () => {
    house.start();
    await broker.until('all listening', allListening);
    await broker.until('a reading', () => broker.telemetryOf('house-energy').length > 0);
    const { port } = broker;
    await broker.stop();
    const seen = Number(broker.telemetryOf('house-energy').at(-1)?.['seq']);
    clock.advance(90_000);
    broker = await DeviceBroker.start({ secrets, port });
    // Every board tries again within the longest wait of its back-off.
    await broker.until('the return of all', () => {
      clock.advance(1_000);
      return allListening();
    });
    const missed = await broker.until('the backfill', () => {
      const sequence = broker.telemetryOf('house-energy').map(({ seq }) => Number(seq));
      return sequence.length >= 18 && sequence;
    });
    expect(broker.from('house-energy', 'telemetry')[0]?.payload.startsWith('[')).toBe(true);
    const first = Number(missed[0]);
    // What was sent but not acknowledged when the server stopped may come twice, but nothing is missing.
    expect(first).toBeLessThanOrEqual(seen + 1);
    expect(missed).toEqual(missed.map((_, index) => first + index));
  });

  it('sends again what the server took and never acknowledged', async () => {
    const { port } = broker;
    await broker.stop();
    broker = await DeviceBroker.start({ secrets, port, withholdsAcknowledgements: true });
    house.start();
    await broker.until('a reading of every board', () =>
      HOUSE.boards.every(({ id }) => broker.telemetryOf(id).length > 0),
    );
    await broker.stop();
    broker = await DeviceBroker.start({ secrets, port });
    await broker.until('all first readings once more', () => {
      clock.advance(1_000);
      return HOUSE.boards.every(({ id }) => broker.telemetryOf(id)[0]?.['seq'] === 0);
    });
  });

  it('brings its past along when it is asked to', async () => {
    await house.stop();
    house = makeHouse({ historyHours: 2 });
    const startMs = clock.now();
    house.start();
    const times = await broker.until('the past', () => {
      const found = broker.telemetryOf('kitchen-climate').map(({ ts }) => Number(ts));
      return found.length >= 24 && found;
    });
    expect(Math.min(...times)).toBe(startMs - 2 * 3_600_000);
    expect(times.toSorted((a, b) => a - b)).toEqual(times);
  });

  it('says goodbye: offline, DISCONNECT, no will, nobody left', async () => {
    house.start();
    await broker.until('all births', () =>
      awake.every((id) => lastPayload(id, 'status') === 'online'),
    );
    await house.stop();
    await broker.until('nobody left', () => broker.connected.size === 0);
    for (const id of awake) {
      expect(lastPayload(id, 'status')).toBe('offline');
    }
    expect(broker.messages.some(({ kind }) => kind === 'will')).toBe(false);
  });

  it.each(['connecting', 'subscribing'])('can be stopped while it is still %s', async (when) => {
    house.start();
    if (when === 'subscribing') {
      await broker.until('a subscription', () => broker.listening.size > 0);
    }
    await house.stop();
    await broker.until('nobody left', () => broker.connected.size === 0);
  });

  it('reports a wrong secret once and keeps trying without hurry', async () => {
    house = makeHouse({ secrets: new Map([...secrets.keys()].map((id) => [id, 'wrong'])) });
    house.start();
    await broker.until('a refusal of every board', () => lines.length >= awake.length);
    expect(lines).toContain('house-energy offline: Connection refused: Bad User Name or Password');
    expect(broker.connected.size).toBe(0);
  });
});
