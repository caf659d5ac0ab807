// A device that the owner registered, and its connections.
import { deviceWithSecretSchema, type DeviceCreate } from '@hearth/contracts';
import { connectRaw, type ConnectedClient, type ConnectOptions } from '@hearth/testkit';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import type { RunningHearth } from './start-hearth.js';

export class RegisteredDevice {
  readonly id: string;
  readonly #hearth: RunningHearth;
  #secret: string;

  private constructor(hearth: RunningHearth, id: string, secret: string) {
    this.#hearth = hearth;
    this.id = id;
    this.#secret = secret;
  }

  static async register(
    hearth: RunningHearth,
    wanted: Partial<DeviceCreate> = {},
  ): Promise<RegisteredDevice> {
    const answer = await hearth.owner.post('/api/devices', {
      name: 'Board',
      kind: 'climate-node',
      ...wanted,
    });
    if (answer.status !== 201) throw new Error(answer.text);
    const { device, credentials } = deviceWithSecretSchema.parse(answer.json());
    return new RegisteredDevice(hearth, device.id, credentials.secret);
  }

  get secret(): string {
    return this.#secret;
  }

  topic(below: string): string {
    return `hearth/${this.id}/${below}`;
  }

  /** Gives it a new secret, as the owner does. */
  async rotate(): Promise<void> {
    const answer = await this.#hearth.owner.post(`/api/devices/${this.id}/secret`);
    this.#secret = deviceWithSecretSchema.parse(answer.json()).credentials.secret;
  }

  /** A client that does only what it is told to. */
  connectRaw(options: ConnectOptions = {}): Promise<ConnectedClient> {
    return connectRaw(this.#hearth.app.mqttPort, {
      clientId: this.id,
      username: this.id,
      password: this.#secret,
      ...options,
    });
  }

  /** A client as an application has it. */
  connect(options: IClientOptions = {}): Promise<MqttClient> {
    return connectAsync(`mqtt://127.0.0.1:${this.#hearth.app.mqttPort}`, {
      clientId: this.id,
      username: this.id,
      password: this.#secret,
      reconnectPeriod: 0,
      protocolVersion: 5,
      ...options,
    });
  }
}
