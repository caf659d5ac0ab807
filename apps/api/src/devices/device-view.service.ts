// The device as the API tells it: the row, with its newest values, presence and climate.
import { Inject, Injectable } from '@nestjs/common';
import type { Device, DeviceWithSecret } from '@hearth/contracts';
import { ENV, type Env } from '../config/env.js';
import {
  CLIMATE_SOURCE,
  PRESENCE_SOURCE,
  SERIES_SOURCE,
  type ClimateSource,
  type PresenceSource,
  type SeriesSource,
} from './device-sources.js';
import type { DeviceRow } from './device.repository.js';
import type { DeviceSecret } from './device.service.js';

@Injectable()
export class DeviceView {
  readonly #series: SeriesSource;
  readonly #presence: PresenceSource;
  readonly #climate: ClimateSource;
  readonly #env: Env;

  constructor(
    @Inject(SERIES_SOURCE) series: SeriesSource,
    @Inject(PRESENCE_SOURCE) presence: PresenceSource,
    @Inject(CLIMATE_SOURCE) climate: ClimateSource,
    @Inject(ENV) env: Env,
  ) {
    this.#series = series;
    this.#presence = presence;
    this.#climate = climate;
    this.#env = env;
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
      series: this.#series.forDevice(id),
      climate: this.#climate.forDevice(device),
    };
  }

  withSecret({ device, secret }: DeviceSecret): DeviceWithSecret {
    return {
      device: this.of(device),
      credentials: { username: device.id, secret, mqttPort: this.#env.mqttPort },
    };
  }
}
