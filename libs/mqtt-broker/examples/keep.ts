// A broker that keeps its state in a folder.
import { allowAll, createBroker, LogStorage } from '@hearth/mqtt-broker';

createBroker({
  listeners: [{ transport: 'tcp', port: 1883 }],
  authenticator: allowAll(),
  storage: new LogStorage('./broker-state'),
});
