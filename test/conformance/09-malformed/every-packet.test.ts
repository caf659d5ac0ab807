// [MQTT-4.13.1-1] [MQTT-1.5.4-1] [MQTT-1.5.5-1] [MQTT-2.1.3-1] [MQTT-2.2.1-3] and Table 2-4: every packet and every property, wrong in every way.
// What is wrong ends the connection within a second, with the right reason code where there is one, and nothing stays behind.
import { allowAll, createBroker } from '@hearth/mqtt-broker';
import { openRaw, type RawClient, type Version } from '@hearth/testkit';
import { heldBytes } from '../../support/held-bytes.js';
import { afterwards, startServer } from '../support/server.js';
import { legalProperties, places, tablesOf, type Row } from './rows.js';

const LONGEST_MS = 1000;

async function openFor({ port }: { port: number }, row: Row, version: Version): Promise<RawClient> {
  const client = await openRaw(port, { version, name: row.name });
  if (!row.isConnect) await client.connect({ clientId: 'c' });
  return client;
}

/** Undefined when the row was answered as it should. */
async function complaintAbout(
  server: { port: number },
  row: Row,
  version: Version,
): Promise<string | undefined> {
  const client = await openFor(server, row, version);
  const startedMs = performance.now();
  client.send(row.bytes);
  const last = await client.expectEnd();
  const ms = performance.now() - startedMs;
  client.cut();
  if (ms > LONGEST_MS) return `${row.name}: answered after ${Math.round(ms)} ms`;
  if (last === undefined) {
    return version < 5 || row.isConnect ? undefined : `${row.name}: closed without a DISCONNECT`;
  }
  if (last.cmd !== (row.isConnect ? 'connack' : 'disconnect')) return `${row.name}: ${last.cmd}`;
  const code = last.bytes[last.cmd === 'connack' ? 3 : 2] ?? 0;
  // A CONNECT of a level that nobody speaks is answered in the nearest version.
  const codes = row.isConnect ? [...row.codes, 0x01] : row.codes;
  const isRight = version === 5 || row.isConnect ? codes.includes(code) : false;
  return isRight ? undefined : `${row.name}: 0x${code.toString(16)}`;
}

describe.each([
  ['3.1', 3],
  ['3.1.1', 4],
  ['5.0', 5],
] as const)('MQTT %s, malformed', (_name, version) => {
  it.each(tablesOf(version))('$name', async ({ rows }) => {
    const server = await startServer();
    const witness = await server.connect();
    await witness.subscribe('#');
    const complaints: string[] = [];
    for (const row of rows) {
      const complaint = await complaintAbout(server, row, version);
      if (complaint !== undefined)
        complaints.push(`${complaint} [${row.bytes.toString('hex').slice(0, 80)}]`);
    }
    expect(complaints).toEqual([]);
    await witness.expectNothing();
    expect(server.broker.stats()).toMatchObject({
      connectedClients: 1,
      sessions: 1,
      subscriptions: 1,
      retainedMessages: 0,
      queuedMessages: 0,
    });
  });
});

describe('all of them, again and again', () => {
  it('leave nothing behind in memory', async () => {
    // Without the recording of events that the kit's server does.
    const broker = createBroker({
      listeners: [{ transport: 'tcp', port: 0, host: '127.0.0.1' }],
      authenticator: allowAll(),
    });
    await broker.start();
    afterwards(() => broker.stop());
    const port = broker.addresses[0]?.port ?? 0;
    const all = ([3, 4, 5] as const).flatMap((version) =>
      tablesOf(version).flatMap(({ rows }) => rows.map((row) => ({ row, version }))),
    );
    const round = async (offset: number): Promise<void> => {
      for (const [i, { row, version }] of all.entries()) {
        if (i % 3 === offset) await complaintAbout({ port }, row, version);
      }
    };
    await round(0);
    const before = await heldBytes();
    await round(1);
    await round(2);
    expect((await heldBytes()) - before).toBeLessThan(512 * 1024);
  });
});

describe('every property where it belongs', () => {
  it.each(places.filter((place) => place !== 'AUTH'))('in %s is taken', async (place) => {
    const server = await startServer();
    for (const row of legalProperties(place)) {
      // A method that nobody knows, or data without one, is refused for other reasons.
      if (row.isConnect && row.name.includes('Authentication')) continue;
      const client = await openFor(server, row, 5);
      client.send(row.bytes);
      if (place === 'DISCONNECT') {
        await client.expectClosed();
        continue;
      }
      if (row.isConnect) await client.expect('connack', { reasonCode: 0 });
      client.send('c000');
      while ((await client.expectAny()).cmd !== 'pingresp');
      client.cut();
    }
  });
});
