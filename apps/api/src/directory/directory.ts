// Who may connect: devices and integrations, held in memory because CONNECT and every reading ask for them.
import type { DeviceId, DeviceKind, HomeId, InfoPayload } from '@hearth/contracts';

export interface RegisteredDevice {
  readonly type: 'device';
  readonly id: DeviceId;
  readonly homeId: HomeId;
  readonly name: string;
  readonly kind: DeviceKind;
  readonly simulated: boolean;
  /** Argon2id, PHC string. */
  readonly secretHash: string;
  /** Last valid `info` of the device. */
  readonly info: InfoPayload | undefined;
}

export interface RegisteredIntegration {
  readonly type: 'integration';
  readonly id: string;
  readonly homeId: HomeId;
  readonly name: string;
  readonly username: string;
  readonly topicFilters: readonly string[];
  readonly secretHash: string;
}

/** Filled from the database at start, changed in the same call that changes a row. */
export class Directory {
  readonly #devices = new Map<string, RegisteredDevice>();
  readonly #integrations = new Map<string, RegisteredIntegration>();

  findDevice(id: string): RegisteredDevice | undefined {
    return this.#devices.get(id);
  }

  findIntegration(username: string): RegisteredIntegration | undefined {
    return this.#integrations.get(username);
  }

  /** Devices and integrations share the name space of MQTT user names. */
  findByUsername(username: string): RegisteredDevice | RegisteredIntegration | undefined {
    return this.#devices.get(username) ?? this.#integrations.get(username);
  }

  listDevices(): RegisteredDevice[] {
    return [...this.#devices.values()];
  }

  putDevice(device: RegisteredDevice): void {
    this.#devices.set(device.id, device);
  }

  removeDevice(id: string): void {
    this.#devices.delete(id);
  }

  putIntegration(integration: RegisteredIntegration): void {
    this.#integrations.set(integration.username, integration);
  }

  removeIntegration(username: string): void {
    this.#integrations.delete(username);
  }
}
