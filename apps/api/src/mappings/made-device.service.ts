// Registers the devices that mappings make as their messages appear.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { HomeId } from '@hearth/contracts';
import { Refusal, type DeviceMaker, type WantedDevice } from '@hearth/ingest';
import { DeviceService } from '../devices/device.service.js';
import { Directory } from '../directory/directory.js';
import { UsernameTaken } from '../directory/errors.js';
import { DeviceMakerDoor } from '../ingest/device-maker-door.js';

/** Devices of a home past which a mapping makes no more: what invents names must not fill the registry. */
const MAX_DEVICES_TO_MAKE_MORE = 1_000;

@Injectable()
export class MadeDeviceService implements DeviceMaker, OnModuleInit {
  readonly #devices: DeviceService;
  readonly #directory: Directory;
  readonly #door: DeviceMakerDoor;

  constructor(devices: DeviceService, directory: Directory, door: DeviceMakerDoor) {
    this.#devices = devices;
    this.#directory = directory;
    this.#door = door;
  }

  onModuleInit(): void {
    this.#door.open(this);
  }

  async make({ id, homeId, kind }: WantedDevice): Promise<Refusal | undefined> {
    // There by now: whose it is, is told where every message is asked.
    if (this.#directory.findDevice(id) !== undefined) return undefined;
    const all = this.#directory.listDevices().filter((device) => device.homeId === homeId);
    if (all.length >= MAX_DEVICES_TO_MAKE_MORE) {
      return new Refusal(
        'device-not-made',
        `there are ${all.length} devices; a mapping makes no more than ${MAX_DEVICES_TO_MAKE_MORE}`,
      );
    }
    try {
      await this.#devices.make(homeId as HomeId, id, kind);
      return undefined;
    } catch (error) {
      if (!(error instanceof UsernameTaken)) throw error;
      if (this.#directory.findDevice(id) !== undefined) return undefined;
      return new Refusal('device-not-made', `"${id}" is the user name of an integration`);
    }
  }
}
