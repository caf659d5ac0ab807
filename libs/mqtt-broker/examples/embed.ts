// Shown in the README; type-checked with the tests.

import { createBroker, type Principal, type Refusal } from '@hearth/mqtt-broker';

const secret = process.env['MQTT_PASSWORD'];
const family: Principal = { id: 'family', canPublish: () => true, canSubscribe: () => true };
const refusal: Refusal = { refused: true, reasonCode: 0x86, reason: 'wrong password' };
const broker = createBroker({
  listeners: [{ transport: 'tcp', port: 1883 }],
  authenticator: {
    authenticate: ({ password }) => (String(password) === secret ? family : refusal),
  },
});
broker.subscribe('+/temperature', ({ topic, payload }) => console.log(topic, payload.toString()));
await broker.start();
broker.publish({ topic: 'house/mode', payload: 'day', retain: true });
