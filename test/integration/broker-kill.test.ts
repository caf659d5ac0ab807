// As test/conformance/17-durability/kill.test.ts, with the broker's state in Postgres.
import { fileURLToPath } from 'node:url';
import { createTestDatabase } from '@hearth/db/testing';
import { crashTest } from '../crash/src/crash-test.js';

const program = fileURLToPath(new URL('../crash/dist/postgres-process.js', import.meta.url));
const ROUNDS = 5;

it('a broker that is killed loses nothing that it acknowledged, and doubles no QoS 2 message', async () => {
  const database = await createTestDatabase();
  const broker = () => ({ args: [program, database.url] });
  const ledger = await crashTest({ rounds: ROUNDS, seed: Date.now(), broker });
  expect(ledger.acknowledged).toBeGreaterThan(0);
  expect(ledger.losses()).toEqual([]);
  expect(ledger.doubles()).toEqual([]);
  expect(ledger.staleRetained()).toEqual([]);
  expect(ledger.lostSessions).toBe(0);
  await database.drop();
}, 90_000);
