// Step 3: is the device known, and did it speak for itself? The broker's access list asks too; this asks again,
// because one wrong filter of an integration must not be enough to write another home's readings.
import type { DeviceId } from '@hearth/contracts';
import type { KnownDevice, MessageSender } from '../message.js';
import type { DeviceLookup } from '../ports.js';
import { quote, Refusal } from '../refusal.js';
import { senderName } from '../message.js';

export function identify(
  deviceId: DeviceId,
  sender: MessageSender,
  devices: DeviceLookup,
): KnownDevice | Refusal {
  const isImpostor = sender.type === 'device' && sender.deviceId !== deviceId;
  if (isImpostor) return impostor(deviceId, sender);
  const device = devices.findDevice(deviceId);
  if (device === undefined) {
    return new Refusal('unknown-device', `no device ${quote(deviceId)} is registered`);
  }
  return device.homeId === sender.homeId ? device : impostor(deviceId, sender);
}

function impostor(deviceId: DeviceId, sender: MessageSender): Refusal {
  return new Refusal(
    'impostor',
    `${quote(senderName(sender))} may not speak for ${quote(deviceId)}`,
  );
}
