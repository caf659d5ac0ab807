// What becomes of messages while Postgres refuses or hangs: nothing is acknowledged, nobody is lost, memory is bounded, live
// messages go on, and all is caught up with by itself.
import { healthSchema } from '@hearth/contracts';
import { DEFAULT_LIMITS } from '@hearth/ingest';
import { defaultLimits } from '@hearth/mqtt-broker';
import { connectRaw, type ConnectedClient } from '@hearth/testkit';
import { openDatabaseLink, type DatabaseLink } from '../support/database-link.js';
import { eventually } from '../support/eventually.js';
import { RegisteredDevice } from '../support/registered-device.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

const MINUTE = 60_000;
/** Of one message: the most that a payload may have. */
const METRICS = 64;
const PASSWORD = 'correct horse battery';

const ways: { name: string; leave: () => unknown; comeBack: () => unknown }[] = [
  { name: 'refuses', leave: () => link.cut(), comeBack: () => link.mend() },
  { name: 'hangs', leave: () => link.stall(), comeBack: () => link.flow() },
];

let hearth: RunningHearth;
let link: DatabaseLink;

beforeAll(async () => {
  hearth = await startHearth({
    env: { HEARTH_METRICS_OPEN: 'true' },
    linkDatabase: async (url) => {
      link = await openDatabaseLink(url);
      return link.url;
    },
  });
  const home = { name: 'Panel', username: 'panel', password: PASSWORD };
  const answer = await hearth.owner.post('/api/integrations', {
    ...home,
    topicFilters: ['hearth/#', 'panel/#'],
  });
  if (answer.status !== 201) throw new Error(answer.text);
});
afterAll(async () => {
  await hearth.close();
  await link.close();
});
afterEach(async () => {
  link.flow();
  await link.mend();
});

const getProblem = async () =>
  healthSchema.parse((await hearth.anonymous().get('/api/health')).json()).problem;
/** From the counters that are open to everybody: who somebody is stands in the database. */
async function getCounts() {
  const { text } = await hearth.anonymous().get('/metrics');
  const count = (name: string): number =>
    Number(new RegExp(`^hearth_ingest_${name} (\\d+)$`, 'm').exec(text)?.[1]);
  return {
    messages: count('messages_total'),
    waiting: count('waiting'),
    droppedQos0: count('dropped_total'),
  };
}
const connectPanel = (version: 4 | 5) =>
  connectRaw(hearth.app.mqttPort, { version, username: 'panel', password: PASSWORD });

async function countRows({ id }: RegisteredDevice): Promise<number> {
  const { rows } = await hearth.database.pool.query<{ n: number }>(
    `select count(*)::int as n from reading join series on series.id = series_id where device_id = $1`,
    [id],
  );
  return rows[0]?.n ?? 0;
}

/** A message with as many readings as it may have, at a time of its own. */
function fullMessage(n: number): string {
  const metrics = Array.from({ length: METRICS }, (_, index) => [`m${index}`, n]);
  return JSON.stringify({ ts: Date.now() - MINUTE + n, ...Object.fromEntries(metrics) });
}

describe.each(ways)('while Postgres $name', ({ leave, comeBack }) => {
  it.each([
    { version: 4, qos: 1 },
    { version: 4, qos: 2 },
    { version: 5, qos: 1 },
    { version: 5, qos: 2 },
  ] as const)(
    'readings on MQTT $version at QoS $qos wait unacknowledged, and are stored once when it is back',
    async ({ version, qos }) => {
      const device = await RegisteredDevice.register(hearth);
      const client = await device.connectRaw({ version });
      const topic = device.topic('telemetry/temperature');
      const value = (ts: number) => JSON.stringify({ value: 21, ts });
      const ts = Date.now() - MINUTE;
      await leave();
      client.sendPublish({ topic, payload: value(ts), qos, packetId: 1 });
      client.sendPublish({ topic, payload: value(ts + 1), qos, packetId: 2 });
      // Sent twice, as after a connection that was lost: one row.
      client.sendPublish({ topic, payload: value(ts), qos, packetId: 3 });
      await client.expectNothing();
      await eventually('it is said', async () => (await getProblem()) === 'database-away');
      await comeBack();
      for (const messageId of [1, 2, 3]) {
        await client.expect(qos === 1 ? 'puback' : 'pubrec', { messageId });
      }
      expect(await countRows(device)).toBe(2);
      await eventually('all is well again', async () => (await getProblem()) === null);
      client.cut();
    },
    MINUTE,
  );

  it(
    'messages between clients go on, commands among them',
    async () => {
      const device = await RegisteredDevice.register(hearth);
      const board = await device.connectRaw({ version: 4 });
      await board.subscribe({ filter: device.topic('command/+'), qos: 1 });
      const panel = await connectPanel(5);
      await panel.subscribe({ filter: device.topic('telemetry/#'), qos: 0 });
      await leave();
      const reading = { topic: device.topic('telemetry/temperature'), payload: '{"value":20.5}' };
      const messageId = board.sendPublish({ ...reading, qos: 1 });
      await panel.take({ topic: reading.topic, payload: reading.payload });
      const command = { topic: device.topic('command/identify'), payload: '{"id":"1"}' };
      panel.sendPublish({ ...command, qos: 0 });
      await board.take({ topic: command.topic, payload: command.payload });
      await comeBack();
      await board.expect('puback', { messageId });
      board.cut();
      panel.cut();
    },
    MINUTE,
  );

  it(
    'a sender that does not stop is held back, and what may be lost is dropped and counted',
    async () => {
      const { maxPendingAccepts } = defaultLimits;
      const devices: RegisteredDevice[] = [];
      const clients: ConnectedClient[] = [];
      // As many as it takes to fill what may wait for a commit.
      const senders = Math.ceil(DEFAULT_LIMITS.maxWaitingRows / (maxPendingAccepts * METRICS));
      for (let index = 0; index < senders; index += 1) {
        const device = await RegisteredDevice.register(hearth);
        devices.push(device);
        clients.push(await device.connectRaw({ version: 4 }));
      }
      const hasty = await RegisteredDevice.register(hearth);
      const careless = await hasty.connectRaw({ version: 5 });
      expect(careless.connack.properties?.receiveMaximum).toBe(defaultLimits.receiveMaximum);
      const before = await getCounts();
      await leave();
      const sent = maxPendingAccepts + 200;
      for (const [index, client] of clients.entries()) {
        const topic = devices[index]?.topic('telemetry') ?? '';
        for (let n = 1; n <= sent; n += 1) {
          client.sendPublish({ topic, payload: fullMessage(n), qos: 1, packetId: n });
        }
      }
      const most = senders * maxPendingAccepts * METRICS;
      await eventually('all wait that may', async () => (await getCounts()).waiting >= most);
      const topic = hasty.topic('telemetry/temperature');
      for (let n = 0; n < 5; n += 1)
        careless.sendPublish({ topic, payload: '{"value":1}', qos: 0 });
      await careless.expectNothing();
      const during = await getCounts();
      // The rest stays in the sockets: read, it would be waiting too.
      expect(during.waiting).toBe(most);
      expect(during.messages - before.messages).toBe(senders * maxPendingAccepts + 5);
      expect(during.droppedQos0 - before.droppedQos0).toBe(5);

      await comeBack();
      for (const client of clients) {
        for (let messageId = 1; messageId <= sent; messageId += 1) {
          await client.expect('puback', { messageId });
        }
      }
      for (const device of devices) expect(await countRows(device)).toBe(sent * METRICS);
      expect(await countRows(hasty)).toBe(0);
      expect((await getCounts()).waiting).toBe(0);
      for (const client of [...clients, careless]) client.cut();
    },
    2 * MINUTE,
  );
});
