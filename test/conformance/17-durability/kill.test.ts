// [MQTT-4.1.0-1] [MQTT-4.4.0-1] A broker that is killed under load: see test/crash. `npm run crash -- --rounds 100` for more rounds.

import { fileURLToPath } from 'node:url';
import { type BrokerCommand, crashTest } from '../../crash/src/crash-test.js';

const program = fileURLToPath(new URL('../../crash/dist/broker-process.js', import.meta.url));
const broker = (folder: string): BrokerCommand => ({ args: [program, folder] });
const ROUNDS = 5;

it('loses no acknowledged message, delivers no QoS 2 message twice and keeps the newest retained values', async () => {
  const ledger = await crashTest({ rounds: ROUNDS, seed: Date.now(), broker });
  expect(ledger.acknowledged).toBeGreaterThan(0);
  expect(ledger.losses()).toEqual([]);
  expect(ledger.doubles()).toEqual([]);
  expect(ledger.staleRetained()).toEqual([]);
  expect(ledger.lostSessions).toBe(0);
}, 90_000);
