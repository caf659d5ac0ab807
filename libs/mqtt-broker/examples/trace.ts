// Shown in the README; type-checked with the tests.

import { writeFile } from 'node:fs/promises';
import { type Broker, toPcap } from '@hearth/mqtt-broker';

export async function watch(broker: Broker): Promise<void> {
  const recording = broker.trace({ clientId: 'sensor-7' });
  broker.trace(
    { clientId: 'sensor-7', next: true },
    {
      maxPackets: 100,
      onPacket: ({ direction, type, fields }) => console.log(direction, type, fields.topic),
    },
  );
  await new Promise((resolve) => setTimeout(resolve, 60_000));
  recording.stop();
  for (const { atMs, direction, type, problem } of recording.packets()) {
    console.log(new Date(atMs).toISOString(), direction, type, problem);
  }
  await writeFile('sensor-7.pcap', toPcap(recording));
}
