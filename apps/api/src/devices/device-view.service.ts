// The device as the API tells it: the row, with its newest values, presence and climate.
import { Injectable } from '@nestjs/common';
import type { Device, DeviceWithSecret } from '@hearth/contracts';
import { BrokerService } from '../broker/broker.service.js';
import { ClimateService } from '../climate/climate.service.js';
import { DeviceClocks } from '../clocks/device-clocks.service.js';
import { PresenceService } from '../presence/presence.service.js';
import { LatestReadings } from '../readings/latest-readings.js';
import type { DeviceRow } from './device.repository.js';
import type { DeviceSecret } from './device.service.js';

@Injectable()
export class DeviceView {
  readonly #readings: LatestReadings;
  readonly #presence: PresenceService;
  readonly #climate: ClimateService;
  readonly #broker: BrokerService;
  readonly #clocks: DeviceClocks;

  constructor(
    readings: LatestReadings,
    presence: PresenceService,
    climate: ClimateService,
    broker: BrokerService,
    clocks: DeviceClocks,
  ) {
    this.#readings = readings;
    this.#presence = presence;
    this.#climate = climate;
    this.#broker = broker;
    this.#clocks = clocks;
  }

  of(device: DeviceRow): Device {
    const { id, name, kind, roomId, simulated, info } = device;
    const createdAt = device.createdAt.toISOString();
    const lastSeenMs = this.#presence.lastSeen(id);
    return {
      id,
      name,
      kind,
      roomId,
      simulated,
      createdAt,
      model: info?.model ?? null,
      firmware: info?.firmware ?? null,
      intervalSeconds: info?.interval ?? null,
      lastSeenAt: lastSeenMs === undefined ? null : new Date(lastSeenMs).toISOString(),
      presence: this.#presence.current(id) ?? {
        state: 'never-seen',
        cause: 'registered',
        since: createdAt,
      },
      clockOffsetMs: this.#clocks.offset(id),
      series: this.#readings.forDevice(id),
      climate: this.#climate.forDevice(device),
    };
  }

  withSecret({ device, secret }: DeviceSecret): DeviceWithSecret {
    return {
      device: this.of(device),
      credentials: { username: device.id, secret, mqttPort: this.#broker.port },
    };
  }
}
