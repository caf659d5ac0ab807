// The broker's life inside the api, and its door for the other slices.
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import {
  createBroker,
  type Broker,
  type BrokerEvents,
  type BrokerStats,
  type OutgoingMessage,
  type Principal,
  type Publication,
  type Unsubscribe,
} from '@hearth/mqtt-broker';
import type { Logger } from 'pino';
import { LOGGER } from '../common/logger.js';
import { ENV, type Env } from '../config/env.js';
import { isForeignOrigin } from '../upgrade/origin.js';
import { refuseUpgrade, UpgradeRouter } from '../upgrade/upgrade-router.js';
import { BrokerStorage } from './broker-storage.js';
import { DeviceAuthenticator } from './device-authenticator.js';
import { INTAKE, type Intake } from './intake.js';

/** Where the api's HTTP server takes MQTT over WebSocket. */
const MQTT_PATH = '/mqtt';

/** Called for every message that an authorised client published, wills apart. */
type MessageObserver = (principal: Principal) => void;

@Injectable()
export class BrokerService implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #env: Env;
  readonly #upgrades: UpgradeRouter;
  readonly #logger: Logger;
  readonly #broker: Broker;
  #observer: MessageObserver = () => {};
  #running = false;

  constructor(
    @Inject(ENV) env: Env,
    @Inject(INTAKE) intake: Intake,
    @Inject(LOGGER) logger: Logger,
    authenticator: DeviceAuthenticator,
    storage: BrokerStorage,
    upgrades: UpgradeRouter,
  ) {
    this.#env = env;
    this.#upgrades = upgrades;
    this.#logger = logger;
    this.#broker = createBroker({
      listeners: [{ transport: 'tcp', host: env.mqttHost, port: env.mqttPort }],
      authenticator,
      storage,
      accept: (message, sender) => {
        if (message.kind === 'publish') this.#observer(sender.principal);
        return intake.accept(message, sender);
      },
      onError: (error) => logger.error({ err: error }, 'broker failed inside'),
    });
  }

  /** Reads what an earlier life kept, and listens. Last: whoever follows the broker's events has subscribed in `onModuleInit`. */
  async onApplicationBootstrap(): Promise<void> {
    await this.#broker.start();
    this.#upgrades.add(MQTT_PATH, (request, socket, head) => {
      if (isForeignOrigin(request.headers, this.#env.publicUrl)) return refuseUpgrade(socket, 403);
      this.#broker.handleUpgrade(request, socket, head);
    });
    this.#running = true;
    this.#logger.info({ addresses: this.#broker.addresses }, 'broker listens');
  }

  /** Stops first, with its state committed: readings that it still accepted are stored in `beforeApplicationShutdown` of the others. */
  async onModuleDestroy(): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    await this.#broker.stop();
  }

  get isRunning(): boolean {
    return this.#running;
  }

  /** The port on which MQTT over TCP really listens; 0 before the start. */
  get port(): number {
    return this.#broker.addresses.find(({ transport }) => transport === 'tcp')?.port ?? 0;
  }

  on<E extends keyof BrokerEvents>(
    event: E,
    handler: (payload: BrokerEvents[E]) => void,
  ): Unsubscribe {
    return this.#broker.on(event, handler);
  }

  /** There is one observer: it runs for each message, on the hot path, before the message is accepted. */
  observeMessages(observer: MessageObserver): void {
    this.#observer = observer;
  }

  publish(message: OutgoingMessage): Publication {
    return this.#broker.publish(message);
  }

  /** Ends all connections of a principal, and its sessions with `deleteSession`. Answers how many connections ended. */
  disconnectPrincipal(
    principalId: string,
    reasonCode: number,
    options: { deleteSession?: boolean } = {},
  ): number {
    return this.#broker.disconnectPrincipal(principalId, reasonCode, options);
  }

  /** Empties every retained topic that matches. Answers how many there were. */
  clearRetained(filter: string): number {
    const topics: string[] = [];
    const unsubscribe = this.#broker.subscribe(filter, ({ topic }) => topics.push(topic), {
      retained: true,
    });
    unsubscribe();
    for (const topic of topics) this.#broker.publish({ topic, payload: '', retain: true });
    return topics.length;
  }

  stats(): BrokerStats {
    return this.#broker.stats();
  }
}
