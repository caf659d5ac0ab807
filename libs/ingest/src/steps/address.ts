// Step 1: whose message is it, and what for? Topics are taken apart by the contract.
import { isNativeTopic, parseTopic } from '@hearth/contracts';
import { MAX_DISCOVERED_TOPIC_BYTES } from '../limits.js';
import type { Addressed, IncomingMessage, MessageSender } from '../message.js';
import { quote, Refusal } from '../refusal.js';

export function address(message: IncomingMessage, sender: MessageSender): Addressed | Refusal {
  const { topic } = message;
  if (!isNativeTopic(topic)) return addressForeign(message, sender);
  const parsed = parseTopic(topic);
  if (parsed === undefined) {
    return new Refusal('unknown-topic', `${quote(topic)} is no topic of the contract`);
  }
  const { deviceId, name } = parsed;
  if (name === 'desired' || name === 'command') {
    return new Refusal('not-from-devices', `only Hearth publishes to ${quote(topic)}`);
  }
  if (name === 'telemetry') {
    return { to: 'telemetry', message, sender, deviceId, metric: undefined };
  }
  if (name === 'telemetryMetric') {
    return { to: 'telemetry', message, sender, deviceId, metric: parsed.part };
  }
  return { to: 'report', message, sender, deviceId, name };
}

function addressForeign(message: IncomingMessage, sender: MessageSender): Addressed | Refusal {
  const bytes = Buffer.byteLength(message.topic);
  if (bytes <= MAX_DISCOVERED_TOPIC_BYTES) return { to: 'foreign', message, sender };
  return new Refusal(
    'topic-too-long',
    `the topic has ${bytes} bytes, limit is ${MAX_DISCOVERED_TOPIC_BYTES}`,
  );
}
