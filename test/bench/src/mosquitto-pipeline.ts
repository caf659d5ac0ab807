// Mosquitto, and behind it a subscriber that inserts: the other way to bring readings into Postgres.
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { withPostgres } from './bench-api.js';
import { ratePerSecond } from './figures.js';
import { LoadClient } from './load-client.js';
import { startPeer } from './peers.js';
import { publish } from './telemetry.js';

const subscriber = fileURLToPath(new URL('subscriber.js', import.meta.url));
/**
 * Mosquitto acknowledges before anything is stored. Messages that are not committed yet are held to the number that is in
 * flight at Hearth, or a queue would grow and the load would take the processor from those who work it off.
 */
const SLACK = 2;

/** Readings a second that are committed; undefined where Mosquitto is not installed. */
export async function measureMosquittoPipeline(
  { devices, window }: { devices: number; window: number },
  seconds: number,
): Promise<number | undefined> {
  const mosquitto = await startPeer.mosquitto();
  if (mosquitto === undefined) return undefined;
  try {
    return await withPostgres(async ({ url }) => {
      const child = fork(subscriber, [String(mosquitto.port), url]);
      try {
        const progress = await follow(child);
        const clients: LoadClient[] = [];
        for (let index = 0; index < devices; index += 1) {
          const clientId = `bench-${index}`;
          clients.push(await LoadClient.open({ port: mosquitto.port, clientId }));
        }
        let isPaused = false;
        progress.onChange = (committed) => {
          const acknowledged = clients.reduce((sum, { finished }) => sum + finished, 0);
          const isAhead = acknowledged - committed > SLACK * devices * window;
          if (isAhead === isPaused) return;
          isPaused = isAhead;
          for (const client of clients) {
            if (isAhead) client.pause();
            else client.resume();
          }
        };
        clients.forEach((client, index) => publish(client, `bench-${index}`, 'one metric', window));
        const { value } = await ratePerSecond(() => progress.committed, seconds);
        for (const client of clients) client.close();
        return value;
      } finally {
        child.kill();
      }
    });
  } finally {
    await mosquitto.stop();
  }
}

interface Progress {
  committed: number;
  onChange: ((committed: number) => void) | undefined;
}

/** Resolves when the subscriber is subscribed. */
function follow(child: ChildProcess): Promise<Progress> {
  const progress: Progress = { committed: 0, onChange: undefined };
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the subscriber ended with ${code}`)));
    child.on('message', ({ committed }: { committed: number }) => {
      progress.committed = committed;
      progress.onChange?.(committed);
      resolve(progress);
    });
  });
}
