// The broker that is killed: `node broker-process.js FOLDER`. Prints its port.
import { allowAll, createBroker, LogStorage } from '@hearth/mqtt-broker';

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('broker-process needs a folder');
const broker = createBroker({
  listeners: [{ transport: 'tcp', port: 0, host: '127.0.0.1' }],
  authenticator: allowAll(),
  // Small, so that snapshots are interrupted too.
  storage: new LogStorage(folder, { compactBytes: 256 * 1024 }),
  onError: (error) => console.error(error),
});
await broker.start();
process.stdout.write(`${broker.addresses[0]?.port}\n`);
