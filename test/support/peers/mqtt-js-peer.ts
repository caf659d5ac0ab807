import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { within } from '@hearth/testkit';
import type { Peer, Publication, Subscription, Target } from './peer.js';

const WAIT_MS = 20_000;

/** MQTT.js, over TCP and WebSocket, in this process. */
export const mqttJsPeer: Peer = {
  async publish(target, { topic, payload, qos, retain = false }) {
    const client = open(target);
    await within(
      WAIT_MS,
      'MQTT.js publishes',
      client.publishAsync(topic, payload, { qos, retain }),
    );
    await client.endAsync();
  },
  subscribe(target, subscription) {
    const client = open(target, subscription);
    const messages = within(WAIT_MS, 'MQTT.js receives', collect(client, subscription));
    messages.catch(() => undefined);
    return { messages, kill: () => void client.stream.destroy() };
  },
};

function open({ port, version, transport }: Target, subscription?: Subscription): MqttClient {
  const { persistentId, will } = subscription ?? {};
  const options: IClientOptions = {
    protocolVersion: version,
    clean: persistentId === undefined,
    reconnectPeriod: 0,
    ...(persistentId !== undefined && { clientId: persistentId }),
    ...(persistentId !== undefined &&
      version === 5 && { properties: { sessionExpiryInterval: 600 } }),
    ...(will !== undefined && { will: willOf(will) }),
  };
  const url = transport === 'tcp' ? `mqtt://127.0.0.1:${port}` : `ws://127.0.0.1:${port}/mqtt`;
  return connect(url, options);
}

function willOf({ topic, payload, qos, retain = false }: Publication) {
  return { topic, payload: Buffer.from(payload), qos, retain };
}

function collect(client: MqttClient, { filter, qos, count }: Subscription): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    client.on('error', reject);
    client.on('message', (topic, payload, packet) => {
      lines.push(`${topic}|${packet.qos}|${Number(packet.retain)}|${payload.toString()}`);
      if (lines.length === count) client.end(false, () => resolve(lines));
    });
    client.on('connect', () => {
      client.subscribeAsync(filter, { qos }).then(() => {
        if (count === 0) client.end(false, () => resolve(lines));
      }, reject);
    });
  });
}
