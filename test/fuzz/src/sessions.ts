// Valid sessions of one client, packet by packet: what the mutations are made from. Few client identifiers and few
// topics, so that clients take each other over and their messages meet.

import {
  acknowledgement,
  auth,
  connect,
  disconnect,
  pingreq,
  publish,
  subscribe,
  unsubscribe,
  type NamedProperties,
  type Version,
} from '@hearth/testkit';
import type { Random } from './random.js';

const topics = ['a', 'a/b', 'a/b/c', 'b', '/', 'ü/ß', '__proto__', 'x'.repeat(300)] as const;
const filters = [
  '#',
  '+',
  'a/#',
  '+/b',
  'a/+/c',
  'b',
  '$share/g/a/#',
  '$share/h/#',
  '$share/g/b',
  '$SYS/#',
  'constructor/#',
] as const;

function messageProperties(random: Random): NamedProperties {
  return {
    ...(random.chance(0.2) && { payloadFormatIndicator: random.below(2) }),
    ...(random.chance(0.2) && { messageExpiryInterval: random.below(3) }),
    ...(random.chance(0.2) && { contentType: 'text/plain' }),
    ...(random.chance(0.2) && { responseTopic: random.pick(topics) }),
    ...(random.chance(0.2) && { correlationData: random.bytes(random.below(20)) }),
    ...(random.chance(0.2) && {
      userProperties: Array.from({ length: random.below(5) }, () => ['k', 'v'] as const),
    }),
  };
}

function aConnect(random: Random, version: Version): Buffer {
  const isPersistent = random.chance(0.5);
  const v5 = version === 5;
  return connect({
    version,
    clientId: `fuzz-${random.below(6)}`,
    cleanStart: !isPersistent,
    keepAliveSeconds: random.below(3),
    username: random.pick(['anna', 'bert']),
    password: 'p',
    ...(random.chance(0.4) && {
      will: {
        topic: random.pick(topics),
        payload: random.bytes(random.below(30)),
        qos: random.below(3),
        retain: random.chance(0.3),
        ...(v5 && {
          properties: { ...messageProperties(random), willDelayInterval: random.below(2) },
        }),
      },
    }),
    ...(v5 && {
      properties: {
        ...(isPersistent && { sessionExpiryInterval: random.below(100) }),
        ...(random.chance(0.3) && { receiveMaximum: 1 + random.below(20) }),
        ...(random.chance(0.3) && { topicAliasMaximum: random.below(10) }),
        ...(random.chance(0.2) && { maximumPacketSize: 20 + random.below(400) }),
        ...(random.chance(0.2) && { requestProblemInformation: random.below(2) }),
      },
    }),
  });
}

function aPublish(random: Random, version: Version): Buffer {
  const payload = random.chance(0.05) ? Buffer.alloc(20_000, 'x') : random.bytes(random.below(40));
  return publish(version, {
    topic: random.pick(topics),
    payload,
    qos: random.below(3),
    packetId: 1 + random.below(20),
    retain: random.chance(0.2),
    dup: false,
    properties: {
      ...messageProperties(random),
      ...(random.chance(0.2) && { topicAlias: 1 + random.below(20) }),
    },
  });
}

function aRequest(random: Random, version: Version): Buffer {
  const packetId = 1 + random.below(20);
  switch (random.below(10)) {
    case 0:
    case 1:
      return subscribe(
        version,
        packetId,
        Array.from({ length: 1 + random.below(4) }, () => ({
          filter: random.pick(filters),
          qos: random.below(3),
          ...(version === 5 && {
            retainHandling: random.below(3),
            retainAsPublished: random.chance(0.5),
          }),
        })),
        random.chance(0.3) ? { subscriptionIdentifier: 1 + random.below(300) } : undefined,
      );
    case 2:
      return unsubscribe(version, packetId, [random.pick(filters)]);
    case 3:
      return pingreq();
    case 4:
    case 5:
      // Of messages that may be under way, and of some that never were; PUBREL is what is most often left out.
      return acknowledgement(
        random.pick(['puback', 'puback', 'pubrec', 'pubrel', 'pubcomp']),
        packetId,
      );
    default:
      return aPublish(random, version);
  }
}

/** The packets of one session in their order. */
export function aSession(random: Random): Buffer[] {
  const version = random.pick<Version>([3, 4, 5, 5]);
  const packets = [aConnect(random, version)];
  for (let count = random.below(30); count > 0; count--) packets.push(aRequest(random, version));
  if (random.chance(0.05)) packets.push(auth(0x19, { authenticationMethod: 'none' }));
  if (random.chance(0.3))
    packets.push(version === 5 ? disconnect(random.pick([0, 4])) : disconnect());
  return packets;
}
