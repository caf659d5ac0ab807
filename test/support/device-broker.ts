// Our real broker with devices that have secrets and own subtrees, as the api gives them; records what they do.
import {
  createBroker,
  ReasonCode,
  type Authenticator,
  type Broker,
  type BrokerEvents,
} from '@hearth/mqtt-broker';
import { buildTopic, deviceSubtree, parseTopic } from '@hearth/contracts';
import { within } from '@hearth/testkit';

const WAIT_MS = 15_000;
const POLL_MS = 20;

/** A message that a device published, or its will. */
export interface DeviceMessage {
  readonly deviceId: string;
  /** Levels below `hearth/<d>/`. */
  readonly below: string;
  readonly payload: string;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly kind: 'publish' | 'will';
}

export interface DeviceBrokerOptions {
  /** Secret by device id. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Port 0 takes any free one; give the port of a broker that was stopped to come back in its place. */
  readonly port?: number;
  /** Takes telemetry and never acknowledges it, as when the database is away. */
  readonly withholdsAcknowledgements?: boolean;
}

function authenticatorFor(secrets: ReadonlyMap<string, string>): Authenticator {
  return {
    authenticate({ username, password }) {
      const secret = secrets.get(username ?? '');
      if (username === undefined || secret === undefined || password?.toString() !== secret) {
        return { refused: true, reasonCode: ReasonCode.badUserNameOrPassword };
      }
      const own = (topic: string) => topic.startsWith(deviceSubtree(username));
      return { id: username, canPublish: own, canSubscribe: own };
    },
  };
}

const never = new Promise<void>(() => {});

export class DeviceBroker {
  readonly messages: DeviceMessage[] = [];
  readonly disconnects: BrokerEvents['disconnected'][] = [];
  readonly #broker: Broker;
  readonly #subscribed = new Set<string>();
  readonly #looking = new Set<() => void>();

  private constructor(options: DeviceBrokerOptions) {
    this.#broker = createBroker({
      listeners: [{ transport: 'tcp', host: '127.0.0.1', port: options.port ?? 0 }],
      authenticator: authenticatorFor(options.secrets),
      accept: ({ topic, payload, qos, retain, kind }) => {
        const deviceId = parseTopic(topic)?.deviceId ?? '';
        const below = topic.slice(deviceSubtree(deviceId).length);
        this.messages.push({ deviceId, below, payload: payload.toString(), qos, retain, kind });
        this.#look();
        if (options.withholdsAcknowledgements === true && below === 'telemetry') return never;
        return undefined;
      },
    });
    this.#broker.on('disconnected', (event) => {
      this.disconnects.push(event);
      this.#subscribed.delete(event.clientId);
      this.#look();
    });
    this.#broker.on('subscribed', ({ clientId }) => {
      this.#subscribed.add(clientId);
      this.#look();
    });
  }

  static async start(options: DeviceBrokerOptions): Promise<DeviceBroker> {
    const deviceBroker = new DeviceBroker(options);
    await deviceBroker.#broker.start();
    return deviceBroker;
  }

  get port(): number {
    return this.#broker.addresses[0]?.port ?? 0;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** Client identifiers that are connected. */
  get connected(): ReadonlySet<string> {
    return new Set(this.#broker.clients().map(({ clientId }) => clientId));
  }

  /** Those of them that have subscribed, so that a command reaches them. */
  get listening(): ReadonlySet<string> {
    return this.#subscribed;
  }

  /** Messages of a device on a topic below its own, oldest first. */
  from(deviceId: string, below: string): DeviceMessage[] {
    return this.messages.filter(
      (message) => message.deviceId === deviceId && message.below === below,
    );
  }

  /** Telemetry objects of a device, backfills taken apart, in the order of arrival. */
  telemetryOf(deviceId: string): Record<string, number | boolean>[] {
    return this.from(deviceId, 'telemetry').flatMap(({ payload }) => {
      const parsed = JSON.parse(payload) as Record<string, number> | Record<string, number>[];
      return parsed;
    });
  }

  /** Resolves with the first answer of `look` that is neither undefined nor false. It is asked again after everything that happens, and now and then. */
  async until<T>(what: string, look: () => T | undefined | false): Promise<T> {
    let attempt = () => {};
    const found = new Promise<T>((resolve, reject) => {
      attempt = () => {
        try {
          const answer = look();
          if (answer !== undefined && answer !== false) resolve(answer);
        } catch (error) {
          reject(error);
        }
      };
    });
    this.#looking.add(attempt);
    const poll = setInterval(attempt, POLL_MS);
    attempt();
    try {
      return await within(WAIT_MS, what, found);
    } finally {
      clearInterval(poll);
      this.#looking.delete(attempt);
    }
  }

  /** A command as the server sends it. */
  command(deviceId: string, name: string, payload: object): void {
    this.#broker.publish({
      topic: buildTopic('command', deviceId, name),
      payload: JSON.stringify(payload),
      qos: 2,
      properties: { responseTopic: buildTopic('response', deviceId) },
    });
  }

  /** The connection ends without a word, as if the radio were out of reach. */
  cut(deviceId: string): void {
    this.#broker.disconnect(deviceId);
  }

  async stop(): Promise<void> {
    await this.#broker.stop();
  }

  #look(): void {
    for (const attempt of this.#looking) attempt();
  }
}
