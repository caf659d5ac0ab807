// [MQTT-4.13.1-1] [MQTT-3.1.4-1] [MQTT-3.14.0-1] Bytes that are no packet, or one that is not allowed: the connection ends, the server goes on.
//
// The rows: `bytes` in wire notation, in which {} stands for an empty property block on 5.0 and for
// nothing before, {level} for the protocol level. Outcomes:
//   disconnect  the connection ends; on 5.0 after a DISCONNECT with one of these reason codes
//   end         the connection ends; on 5.0 a DISCONNECT with one of these codes may come first
//   refuse      a CONNECT is refused: a CONNACK with one of these codes (none: with any) may come first
//   accept      a CONNECT is accepted
//   fine        the packet is legal and the connection goes on
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type RawClient, type Version } from '@hearth/testkit';
import { startServer } from '../support/server.js';

interface Row {
  name: string;
  clause: string;
  versions: (4 | 5)[];
  bytes: string;
  outcome: 'fine' | { disconnect?: string[]; end?: string[]; refuse?: string[]; accept?: true };
}

const folder = new URL('.', import.meta.url);
const tables = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({
    subject: name.replace('.json', ''),
    rows: JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Row[],
  }));

function bytesOf({ bytes }: Row, version: Version): string {
  return bytes.replaceAll('{}', version === 5 ? '<>' : '').replaceAll('{level}', `0${version}`);
}

const codes = (texts: string[] | undefined): number[] => (texts ?? []).map(Number);

/** The connection ends; a DISCONNECT or CONNACK with one of the codes may come first. */
async function expectEnd(client: RawClient, name: 'disconnect' | 'connack', allowed: number[]) {
  const last = await client.expectEnd();
  if (last === undefined) return;
  const code = 'returnCode' in last ? last.returnCode : 'reasonCode' in last ? last.reasonCode : 0;
  expect(last.cmd).toBe(name);
  expect(code).toBeGreaterThan(0);
  expect(allowed.length === 0 || client.version < 5 ? [code] : allowed).toContain(code);
}

async function expectOutcome(client: RawClient, outcome: Row['outcome']): Promise<void> {
  if (outcome === 'fine') return client.expectNothing();
  if (outcome.disconnect) return client.expectDisconnected(...codes(outcome.disconnect));
  if (outcome.end) return expectEnd(client, 'disconnect', codes(outcome.end));
  if (outcome.refuse) return expectEnd(client, 'connack', codes(outcome.refuse));
  await client.expect('connack', client.version === 5 ? { reasonCode: 0 } : { returnCode: 0 });
}

describe.each(tables)('malformed: $subject', ({ subject, rows }) => {
  const cases = rows.flatMap((row) => row.versions.map((version) => ({ ...row, row, version })));

  it.each(cases)('$name (level $version) [$clause]', async ({ row, version }) => {
    const server = await startServer();
    const witness = await server.connect();
    await witness.subscribe('#');
    const client = await server.open({ version });
    if (subject !== 'connect') await client.connect({ clientId: 'c' });
    client.send(bytesOf(row, version));
    await expectOutcome(client, row.outcome);
    const isDelivered = row.outcome === 'fine';
    if (isDelivered) await witness.expect('publish');
    await witness.expectNothing();
    // Nobody else is hurt, and the same client may come again.
    const again = await server.open({ version });
    again.send(connect({ version, clientId: 'c' }));
    if (row.outcome === 'fine') await client.expectDisconnected(0x8e);
    await again.expect('connack', version === 5 ? { reasonCode: 0 } : { returnCode: 0 });
    if (typeof row.outcome === 'object' && row.outcome.accept) client.cut();
  });
});
