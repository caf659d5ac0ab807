// What a device and an integration may do at the broker. Pure; asked for every packet.
import { deviceSubtree, isNativeTopic, type DeviceId, type HomeId } from '@hearth/contracts';
import type { Principal } from '@hearth/mqtt-broker';
import type { RegisteredDevice, RegisteredIntegration } from '../directory/directory.js';
import { filterCovers, filterMatches } from './topic-filter.js';

/** Whom a principal of ours stands for: the `data` of every principal that this process hands out. */
export type PrincipalOwner =
  | { readonly type: 'device'; readonly deviceId: DeviceId; readonly homeId: HomeId }
  | { readonly type: 'integration'; readonly username: string; readonly homeId: HomeId };

/** A principal of ours: its id is the MQTT user name, that is the device id or the integration's user name. */
export interface OwnedPrincipal extends Principal {
  readonly data: PrincipalOwner;
}

/** Who a principal stands for; undefined for one that this process did not make. */
export function ownerOf(principal: Principal): PrincipalOwner | undefined {
  const data: unknown = principal.data;
  if (typeof data !== 'object' || data === null || !('type' in data)) return undefined;
  return data as PrincipalOwner;
}

/** The rights of a registered device or integration, fixed for the length of a connection. */
export function principalFor(owner: RegisteredDevice | RegisteredIntegration): OwnedPrincipal {
  return owner.type === 'device' ? devicePrincipal(owner) : integrationPrincipal(owner);
}

/** A device publishes and subscribes below `hearth/<d>/` and nowhere else. */
function devicePrincipal(device: RegisteredDevice): OwnedPrincipal {
  // Whole levels up to the last slash, compared as text: `hearth/+/…` and `hearth/dx/…` differ from it.
  const subtree = deviceSubtree(device.id);
  return {
    id: device.id,
    canPublish: (topic) => topic.startsWith(subtree),
    canSubscribe: (filter) => filter.startsWith(subtree),
    data: { type: 'device', deviceId: device.id, homeId: device.homeId },
  };
}

/**
 * An integration lives inside its topic filters. A filter that begins with a wildcard may listen to
 * the native topics but not write them: a bridge allowed `#` must not speak for a device, nor command one.
 */
function integrationPrincipal(integration: RegisteredIntegration): OwnedPrincipal {
  const filters = [...integration.topicFilters];
  const nativeFilters = filters.filter(isNativeTopic);
  return {
    id: integration.username,
    canPublish: (topic) =>
      (isNativeTopic(topic) ? nativeFilters : filters).some((filter) =>
        filterMatches(filter, topic),
      ),
    canSubscribe: (filter) => filters.some((allowed) => filterCovers(allowed, filter)),
    data: {
      type: 'integration',
      username: integration.username,
      homeId: integration.homeId,
    },
  };
}
