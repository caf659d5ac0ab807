// `npm run fuzz`: a broker under attack, for as long as you like.

import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    clients: { type: 'string', default: '8' },
    from: { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(`npm run fuzz -- [--seconds 60] [--seed N] [--clients 8] [--from 0]

Several hostile clients, over TCP and WebSocket, against a broker in a process of its own: sessions of
which half are made wrong, take-overs, half-closed sockets, wills, shared subscriptions. Fails when the
broker ends, reports an error, answers a well-behaved client too late, or keeps what it should let go.
What the clients send depends on the seed, the client's number and the round alone.
`);
  process.exit(0);
}

const options = {
  seconds: Number(values.seconds),
  seed: Number(values.seed),
  clients: Number(values.clients),
  from: Number(values.from),
};
process.stdout.write(`seed ${options.seed}, ${options.clients} clients, ${options.seconds} s\n`);
const { failure, rounds, bytes, echoes, longestEchoMs, at, before, after } = await fuzz(options);
process.stdout.write(
  `${rounds} connections, ${bytes} bytes sent; ${echoes} echoes, the slowest in ${longestEchoMs} ms\n`,
);
if (before !== undefined && after !== undefined) {
  const mib = (one: number): string => `${(one / 1024 / 1024).toFixed(1)} MiB`;
  process.stdout.write(
    `held ${mib(before.heldBytes)} after the warm-up, ${mib(after.heldBytes)} at the end; resident ${mib(before.residentBytes)}, ${mib(after.residentBytes)}\n`,
  );
}
if (failure !== undefined) {
  const from = Math.max(0, Math.min(...at) - 20);
  process.stderr.write(
    `FAILED: ${failure}\nrounds of the clients: ${at.join(', ')}\nagain: npm run fuzz -- --seed ${options.seed} --clients ${options.clients} --from ${from} --seconds ${options.seconds}\n`,
  );
  process.exitCode = 1;
}
process.exit();
