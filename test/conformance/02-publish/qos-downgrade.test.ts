// [MQTT-3.8.4-8] A message is delivered at the lower of its own QoS and the granted one.
import { startServer, versions } from '../support/server.js';

const levels = [0, 1, 2] as const;
const pairs = levels.flatMap((published) => levels.map((granted) => [published, granted] as const));

describe.each(versions)('QoS on MQTT $name', ({ version }) => {
  it.each(pairs)('published at %d to a subscription at %d', async (published, granted) => {
    const server = await startServer();
    const subscriber = await server.connect({ version });
    const suback = await subscriber.subscribe({ filter: 'a', qos: granted });
    expect(suback.granted).toEqual([granted]);
    await (await server.connect({ version })).publish({ topic: 'a', qos: published });
    const lower = published < granted ? published : granted;
    await subscriber.take({ topic: 'a', qos: lower });
    await subscriber.expectNothing();
  });
});
