import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { outputLines, subscriberOf, type Peer } from './peer.js';

const program = fileURLToPath(new URL('paho_peer.py', import.meta.url));

/** Eclipse Paho for Python, over TCP and WebSocket. */
export function pahoPeer(python: () => string): Peer {
  const run = (task: object) => spawn(python(), [program, JSON.stringify(task)]);
  return {
    async publish(target, publication) {
      await outputLines(run({ ...target, ...publication }), 'paho');
    },
    subscribe: (target, subscription) => subscriberOf(run({ ...target, ...subscription }), 'paho'),
  };
}
