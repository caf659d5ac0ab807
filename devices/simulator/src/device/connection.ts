// One MQTT connection of one device, from CONNECT to its end. No reconnection in here: a device that comes back
// makes a new one, as a rebooted board would.
import {
  buildTopic,
  type StatusPayload,
  type InfoPayload,
  type StatePayload,
} from '@hearth/contracts';
import mqtt, { type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';

/** Seconds. The server declares the link dead after one and a half of it. */
const KEEP_ALIVE_SECONDS = 30;
const CONNECT_TIMEOUT_MS = 10_000;

export interface ConnectionOptions {
  readonly brokerUrl: string;
  readonly deviceId: string;
  readonly secret: string;
}

export interface IncomingMessage {
  readonly topic: string;
  readonly payload: string;
  readonly responseTopic: string | undefined;
  readonly correlationData: Buffer | undefined;
}

export interface ConnectionHandlers {
  /** CONNACK came and the command subscription is granted. */
  opened(): void;
  message(message: IncomingMessage): void;
  /** The connection is over; called once. `why` is undefined when this side closed it. */
  closed(why: string | undefined): void;
}

function clientOptions(options: ConnectionOptions): IClientOptions {
  return {
    protocolVersion: 5,
    clientId: options.deviceId,
    username: options.deviceId,
    password: options.secret,
    clean: true,
    keepalive: KEEP_ALIVE_SECONDS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: 0,
    resubscribe: false,
    will: {
      topic: buildTopic('status', options.deviceId),
      payload: Buffer.from('offline' satisfies StatusPayload),
      qos: 1,
      retain: true,
    },
  };
}

export class Connection {
  readonly #client: MqttClient;
  readonly #deviceId: string;
  readonly #handlers: ConnectionHandlers;
  #error: string | undefined;
  #closedHere = false;
  #over = false;

  constructor(options: ConnectionOptions, handlers: ConnectionHandlers) {
    this.#deviceId = options.deviceId;
    this.#handlers = handlers;
    this.#client = mqtt.connect(options.brokerUrl, clientOptions(options));
    this.#client.on('connect', () => this.#subscribe());
    this.#client.on('message', (topic, payload, packet) => this.#receive(topic, payload, packet));
    this.#client.on('error', (error) => {
      this.#error ??= error.message;
    });
    this.#client.on('disconnect', (packet) => {
      this.#error ??= packet.properties?.reasonString ?? `server said ${packet.reasonCode ?? 0}`;
    });
    this.#client.on('close', () => this.#close());
  }

  /** Largest number of unacknowledged messages that the server takes. */
  get receiveMaximum(): number {
    return this.#client.serverProperties?.receiveMaximum ?? 65_535;
  }

  /** QoS 1. Resolves with the server's PUBACK; rejects when it refuses or the link ends first. */
  async publishTelemetry(payload: string): Promise<void> {
    await this.#publish(buildTopic('telemetry', this.#deviceId), payload, false);
  }

  /** The birth message, or the farewell before a clean DISCONNECT. */
  async publishStatus(status: StatusPayload): Promise<void> {
    await this.#publish(buildTopic('status', this.#deviceId), status, true);
  }

  async publishInfo(info: InfoPayload): Promise<void> {
    await this.#publish(buildTopic('info', this.#deviceId), JSON.stringify(info), true);
  }

  async publishState(state: StatePayload): Promise<void> {
    await this.#publish(buildTopic('state', this.#deviceId), JSON.stringify(state), true);
  }

  async publishResponse(
    topic: string,
    payload: string,
    correlationData: Buffer | undefined,
  ): Promise<void> {
    const properties = correlationData === undefined ? {} : { properties: { correlationData } };
    await this.#client.publishAsync(topic, payload, { qos: 1, ...properties });
  }

  /** DISCONNECT: the will is not sent. Resolves when the socket is closed. */
  async end(): Promise<void> {
    this.#closedHere = true;
    await this.#client.endAsync();
  }

  /** The socket is gone without a DISCONNECT, as when the power fails: the server sends the will. */
  destroy(): void {
    this.#closedHere = true;
    this.#client.end(true);
  }

  async #publish(topic: string, payload: string, retain: boolean): Promise<void> {
    await this.#client.publishAsync(topic, payload, { qos: 1, retain });
  }

  #subscribe(): void {
    const filter = buildTopic('command', this.#deviceId, '+');
    this.#client.subscribe(filter, { qos: 2 }, (error) => {
      if (this.#over) return;
      if (error !== null) {
        this.#error ??= `may not subscribe ${filter}: ${error.message}`;
        this.#client.end(true);
        return;
      }
      this.#handlers.opened();
    });
  }

  #receive(topic: string, payload: Buffer, packet: IPublishPacket): void {
    this.#handlers.message({
      topic,
      payload: payload.toString('utf8'),
      responseTopic: packet.properties?.responseTopic,
      correlationData: packet.properties?.correlationData,
    });
  }

  #close(): void {
    if (this.#over) return;
    this.#over = true;
    // Without this, publishes that wait for an acknowledgement would wait for ever.
    this.#client.end(true);
    this.#handlers.closed(this.#closedHere ? undefined : (this.#error ?? 'connection lost'));
  }
}
