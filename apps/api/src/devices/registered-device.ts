import type { RegisteredDevice } from '../directory/directory.js';
import type { DeviceRow, NewDevice } from './device.repository.js';

/** What the directory keeps of a device. */
export function toRegistered(device: DeviceRow | NewDevice): RegisteredDevice {
  return {
    type: 'device',
    id: device.id,
    homeId: device.homeId,
    name: device.name,
    kind: device.kind,
    simulated: device.simulated,
    secretHash: device.secretHash,
    info: 'info' in device ? device.info : undefined,
  };
}
