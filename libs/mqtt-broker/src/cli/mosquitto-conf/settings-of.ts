import type { ListenerSettings } from '../../listener-settings.js';
import type { ListenerSection, MosquittoConf } from './parse.js';

/** What Mosquitto does everywhere. Its clients, and those who compare bytes, find the same. */
export const mosquittoSettings: ListenerSettings = {
  dialect: 'mosquitto',
  reasonStrings: false,
  tellsNoSubscribers: true,
};

/** What a listener's clients get. Mosquitto's limits of the whole broker are in `limitsOf`. */
export function settingsOf(
  { global, security, perListenerSettings }: MosquittoConf,
  { values, security: own }: ListenerSection,
): ListenerSettings {
  const shared = global.values;
  const access = perListenerSettings ? own.values : security.values;
  const prefix = values.listener_auto_id_prefix ?? access.auto_id_prefix;
  const maxConnections = values.max_connections ?? -1;
  return {
    ...mosquittoSettings,
    allowZeroLengthClientId: access.allow_zero_length_clientid ?? true,
    assignedClientIdPrefix: prefix ?? 'auto-',
    checkRetainSource: shared.check_retain_source ?? true,
    maximumQos: qosOf(values.max_qos ?? 2),
    mountPoint: values.mount_point ?? '',
    queueQos0: shared.queue_qos0_messages ?? false,
    retainAvailable: shared.retain_available ?? true,
    topicAliasMaximum: values.max_topic_alias ?? 10,
    maxOutgoingTopicAliases: values.max_topic_alias_broker ?? 10,
    upgradeOutgoingQos: shared.upgrade_outgoing_qos ?? false,
    useUsernameAsClientId: values.use_username_as_clientid ?? false,
    ...(maxConnections < 0 ? {} : { maxConnections }),
    ...(shared.clientid_prefixes === undefined
      ? {}
      : { clientIdPrefixes: [shared.clientid_prefixes] }),
    ...(values.accept_protocol_versions === undefined
      ? {}
      : { protocolVersions: values.accept_protocol_versions }),
  };
}

function qosOf(value: number): 0 | 1 | 2 {
  return value === 0 || value === 1 ? value : 2;
}
