// [MQTT-4.3.2-3] [MQTT-4.3.3-8] A disk that is full keeps acknowledgements waiting, nobody else, and loses nothing.

import { join } from 'node:path';
import { LogStorage, type Change } from '@hearth/mqtt-broker';
import { itWithSmallDisk, mountSmallDisk, type SmallDisk } from '../../support/small-disk.js';
import { startServer, versions } from '../support/server.js';

const DISK_KIB = 256;
/** Of a payload: more than what is left in the last block of a file. */
const PAYLOAD_BYTES = 8 * 1024;

let disk: SmallDisk;
let storage: LogStorage | undefined;

afterEach(async () => {
  await storage?.close();
  storage = undefined;
  disk?.unmount();
});

describe.each(versions)('while the disk is full, on MQTT $name', ({ version }) => {
  itWithSmallDisk(
    'what is to be kept waits unacknowledged, others go on, and with room again all of it is kept',
    async () => {
      disk = mountSmallDisk(DISK_KIB);
      const folder = join(disk.path, 'state');
      const errors: unknown[] = [];
      const onError = (error: unknown): void => void errors.push(error);
      storage = new LogStorage(folder, { retryMs: 20, onError });
      const server = await startServer({ storage });
      const publisher = await server.connect({ version });
      const payload = 'x'.repeat(PAYLOAD_BYTES);
      await publisher.publish({ topic: 'kept/before', payload, qos: 1, retain: true });
      disk.fill();
      publisher.sendPublish({ topic: 'kept/1', payload, qos: 1, retain: true, packetId: 11 });
      publisher.sendPublish({ topic: 'kept/2', payload, qos: 2, retain: true, packetId: 12 });
      await told(errors);

      const listener = await server.connect({ version });
      await listener.subscribe({ filter: 'live', qos: 1 });
      const speaker = await server.connect({ version });
      await speaker.publish({ topic: 'live', payload: 'goes on', qos: 1 });
      await listener.take({ topic: 'live', payload: 'goes on' });
      await publisher.expectNothing();
      // Tried again many times by now, told once.
      expect(errors).toHaveLength(1);
      expect((errors[0] as Error).cause).toMatchObject({ code: 'ENOSPC' });

      disk.free();
      await publisher.expect('puback', { messageId: 11 });
      await publisher.expect('pubrec', { messageId: 12 });
      for (const client of [publisher, listener, speaker]) await client.disconnect();
      await server.broker.stop();
      expect(await retainedIn(folder)).toEqual(['kept/1', 'kept/2', 'kept/before']);
    },
  );
});

/** Asks again and again; Jest's time-out is the limit. */
async function told(errors: readonly unknown[]): Promise<void> {
  while (errors.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function retainedIn(folder: string): Promise<string[]> {
  storage = new LogStorage(folder);
  const changes: Change[] = [];
  for await (const change of storage.open(() => [])) changes.push(change);
  const topics = changes.flatMap((one) => (one.type === 'retained' ? [one.message.topic] : []));
  return [...new Set(topics)].sort();
}
