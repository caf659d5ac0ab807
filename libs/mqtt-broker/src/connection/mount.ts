// A listener's mount point: put before the topics that its clients name. Rights, `accept`, events and everybody else see
// the whole name, as in Mosquitto; only the clients themselves do not. What goes out is stripped by the packet sender.

import type { Will } from '../codec/packets.js';
import { parseTopicFilter, type TopicFilter } from '../topic/topic-filter.js';
import type { Topic } from '../topic/topic-name.js';
import type { Core } from './core.js';

/** Throws ProtocolError when it becomes longer than a topic name may be. */
export function mountTopic({ topics }: Core, mountPoint: string, topic: Topic): Topic {
  return mountPoint === '' ? topic : topics.resolveName(mountPoint + topic.name);
}

export function mountWill(
  core: Core,
  mountPoint: string,
  will: Will | undefined,
): Will | undefined {
  if (mountPoint === '' || will === undefined) return will;
  return { ...will, topic: mountTopic(core, mountPoint, will.topic) };
}

/** A filter as a client wrote it, below the mount point; undefined when it is none. */
export function parseMounted(
  { limits }: Core,
  mountPoint: string,
  text: string,
): TopicFilter | undefined {
  const own = parseTopicFilter(text, limits);
  if (mountPoint === '' || own === undefined) return own;
  const share = own.shareName === undefined ? '' : `$share/${own.shareName}/`;
  return parseTopicFilter(share + mountPoint + own.filter, limits);
}

/**
 * Whether a client below the mount point can be told of a topic: a session may bring messages along from another
 * listener, and to the client a topic that begins with $ is none that its wildcards match. [MQTT-4.7.2-1]
 */
export function isBelow(mountPoint: string, topic: string): boolean {
  const isLonger = topic.length > mountPoint.length && topic.startsWith(mountPoint);
  return isLonger && topic[mountPoint.length] !== '$';
}
