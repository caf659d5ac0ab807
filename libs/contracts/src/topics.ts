// The native topic contract, v1. The only file that spells a topic of ours.
// From each template come build, parse and filter, so no topic is written twice.
import { isDeviceId, type DeviceId } from './ids.js';

export type Qos = 0 | 1 | 2;

export interface TopicDefinition {
  /** Levels below `hearth/<d>/`; `{metric}` and `{name}` stand for one level. */
  readonly template: string;
  readonly direction: 'from-device' | 'to-device';
  readonly qos: Qos;
  readonly retained: boolean;
  readonly meaning: string;
}

const ROOT = 'hearth';

/** Every native topic: who sends it, at which QoS, retained or not. */
export const TOPICS = {
  telemetry: {
    template: 'telemetry',
    direction: 'from-device',
    qos: 1,
    retained: false,
    meaning: 'A JSON object of metrics, or an array of such objects as a backfill.',
  },
  telemetryMetric: {
    template: 'telemetry/{metric}',
    direction: 'from-device',
    qos: 1,
    retained: false,
    meaning: 'One metric: a bare number, true/false, on/off, or {"value":…,"unit":…,"ts":…}.',
  },
  status: {
    template: 'status',
    direction: 'from-device',
    qos: 1,
    retained: true,
    meaning: 'Birth `online` and will `offline`.',
  },
  info: {
    template: 'info',
    direction: 'from-device',
    qos: 1,
    retained: true,
    meaning: 'Model, firmware, capabilities, reporting interval.',
  },
  state: {
    template: 'state',
    direction: 'from-device',
    qos: 1,
    retained: true,
    meaning: 'Reported twin, with the desired version that it reflects.',
  },
  desired: {
    template: 'desired',
    direction: 'to-device',
    qos: 1,
    retained: true,
    meaning: 'Desired twin and its version.',
  },
  command: {
    template: 'command/{name}',
    direction: 'to-device',
    qos: 2,
    retained: false,
    meaning: 'A command with id, arguments and expiry.',
  },
  response: {
    template: 'response',
    direction: 'from-device',
    qos: 1,
    retained: false,
    meaning: 'What became of a command.',
  },
} as const satisfies Record<string, TopicDefinition>;

export type TopicName = keyof typeof TOPICS;

/** A topic of a device, taken apart. `part` is the metric or command name where the template has one. */
export type ParsedTopic =
  | { name: 'telemetryMetric' | 'command'; deviceId: DeviceId; part: string }
  | { name: Exclude<TopicName, 'telemetryMetric' | 'command'>; deviceId: DeviceId };

const FIXED: ReadonlyMap<string, Exclude<TopicName, 'telemetryMetric' | 'command'>> = new Map([
  ['telemetry', 'telemetry'],
  ['status', 'status'],
  ['info', 'info'],
  ['state', 'state'],
  ['desired', 'desired'],
  ['response', 'response'],
]);

/** Takes a topic name apart; undefined when it is not one of ours (unknown level, bad device id, wrong depth). */
export function parseTopic(topic: string): ParsedTopic | undefined {
  if (!isNativeTopic(topic)) return undefined;
  const idEnd = topic.indexOf('/', ROOT.length + 1);
  if (idEnd < 0) return undefined;
  const deviceId = topic.slice(ROOT.length + 1, idEnd);
  if (!isDeviceId(deviceId)) return undefined;
  const rest = topic.slice(idEnd + 1);
  const fixed = FIXED.get(rest);
  if (fixed !== undefined) return { name: fixed, deviceId };
  const slash = rest.indexOf('/');
  if (slash < 0 || slash === rest.length - 1 || rest.includes('/', slash + 1)) return undefined;
  const part = rest.slice(slash + 1);
  const head = rest.slice(0, slash);
  if (head === 'telemetry') return { name: 'telemetryMetric', deviceId, part };
  if (head === 'command') return { name: 'command', deviceId, part };
  return undefined;
}

/** True for every topic below `hearth/`, well-formed or not. */
export function isNativeTopic(topic: string): boolean {
  return topic.startsWith(`${ROOT}/`);
}

/** The topic name for a device, for example `buildTopic('command', id, 'climate')`. */
export function buildTopic(
  name: 'telemetryMetric' | 'command',
  deviceId: string,
  part: string,
): string;
export function buildTopic(
  name: Exclude<TopicName, 'telemetryMetric' | 'command'>,
  deviceId: string,
): string;
export function buildTopic(name: TopicName, deviceId: string, part?: string): string {
  const below = TOPICS[name].template.replace(/\{\w+\}/, part ?? '');
  return `${ROOT}/${deviceId}/${below}`;
}

/** Prefix of everything that a device may publish and subscribe: `hearth/<d>/`. */
export function deviceSubtree(deviceId: string): string {
  return `${ROOT}/${deviceId}/`;
}

/** The subscription filter that covers a topic of every device, for example `hearth/+/telemetry/+`. */
export function topicFilter(name: TopicName): string {
  return `${ROOT}/+/${TOPICS[name].template.replace(/\{\w+\}/, '+')}`;
}
