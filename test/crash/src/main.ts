// `npm run crash -- --rounds 100`: see crash-test.ts.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { crashTest } from './crash-test.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(`npm run crash -- [--rounds 100] [--seed N]

Kills a loaded broker with SIGKILL at random moments and counts what became of acknowledged messages.
`);
  process.exit(0);
}

const rounds = Number(values.rounds);
const seed = Number(values.seed);
process.stdout.write(`seed ${seed}\n`);
const ledger = await crashTest({
  rounds,
  seed,
  program: fileURLToPath(new URL('./broker-process.js', import.meta.url)),
  onRound: (round, { acknowledged }) => {
    if (round % 10 === 0) process.stdout.write(`round ${round}: ${acknowledged} acknowledged\n`);
  },
});
const found = {
  kills: rounds,
  acknowledged: ledger.acknowledged,
  lost: ledger.losses().length,
  doubled: ledger.doubles().length,
  staleRetained: ledger.staleRetained().length,
  lostSessions: ledger.lostSessions,
};
process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
const examples = [...ledger.losses(), ...ledger.doubles(), ...ledger.staleRetained()].slice(0, 10);
if (examples.length > 0 || ledger.lostSessions > 0) {
  process.stdout.write(`${examples.join('\n')}\n`);
  process.exitCode = 1;
}
