// Shown in the README; type-checked with the tests.

import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { allowAll, createBroker } from '@hearth/mqtt-broker';

class BrokerService implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly broker = createBroker({
    listeners: [{ transport: 'tcp', port: 1883, host: '127.0.0.1' }],
    authenticator: allowAll(),
  });
  onApplicationBootstrap = (): Promise<void> => this.broker.start();
  onApplicationShutdown = (): Promise<void> => this.broker.stop();
}

@Module({ providers: [BrokerService], exports: [BrokerService] })
export class BrokerModule {}
