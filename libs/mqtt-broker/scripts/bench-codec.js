// `npm run bench:codec`: packets per second and bytes allocated a packet, ours beside npm's mqtt-packet. Needs the build.
import v8 from 'node:v8';
import mqttPacket from 'mqtt-packet';
import { encodeBareAck } from '../dist/codec/acks.js';
import { Decoder } from '../dist/codec/decode.js';
import { encode } from '../dist/codec/encode.js';
import { Framer } from '../dist/codec/framer.js';
import { encodePublish } from '../dist/codec/publish.js';
import { NO_PROPERTIES } from '../dist/codec/properties.js';
import { Slab } from '../dist/codec/slab.js';
import { TopicTable } from '../dist/topic/topic-name.js';

const BATCH = 1_000;
const MEASURE_MS = 400;
// One young generation holds a whole batch, so that what is allocated can be read off without a collection in between.
v8.setFlagsFromString('--expose-gc');

const topics = new TopicTable({ maxTopicBytes: 1024, maxTopicLevels: 32 }, 1024);
const slab = new Slab();
const nowhere = { write: () => true, cork() {}, uncork() {} };
const topic = 'home/kitchen/temperature';
const properties = {
  messageExpiryInterval: 3600,
  contentType: 'application/json',
  userProperties: { unit: 'celsius' },
};
const payload = Buffer.alloc(64, 'x');
const publish = { cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false };
const ack = { cmd: 'puback', messageId: 7 };
const subscribe = {
  cmd: 'subscribe',
  messageId: 7,
  subscriptions: [
    { topic: 'home/+/temperature', qos: 1 },
    { topic: 'home/kitchen/#', qos: 0 },
  ],
};
const connect = {
  cmd: 'connect',
  protocolId: 'MQTT',
  clean: true,
  clientId: 'sensor-0123456789',
  keepalive: 60,
  username: 'sensor',
  password: Buffer.from('secret'),
};
const withId = (qos) => ({ ...publish, qos, messageId: 7 });

const cases = [
  ['CONNECT', 4, { ...connect, protocolVersion: 4 }],
  ['CONNECT', 5, { ...connect, protocolVersion: 5, properties: { receiveMaximum: 100 } }],
  ...[4, 5].flatMap((version) => [
    ['PUBLISH QoS 0', version, publish],
    ['PUBLISH QoS 1', version, withId(1)],
    ['PUBLISH QoS 2', version, withId(2)],
  ]),
  ['PUBLISH QoS 1, properties', 5, { ...withId(1), properties }],
  ['PUBACK', 4, ack],
  ['PUBACK', 5, ack],
  ['PUBREL', 4, { ...ack, cmd: 'pubrel' }],
  ['SUBSCRIBE, 2 filters', 4, subscribe],
  ['SUBSCRIBE, 2 filters', 5, subscribe],
];

function decodeOurs(frame, version, isConnect) {
  const chunk = Buffer.concat(Array.from({ length: BATCH }, () => frame));
  const framer = new Framer(1_000_000);
  framer.connected = true;
  const decoder = new Decoder(topics);
  decoder.version = version;
  return () => {
    framer.push(chunk);
    while (framer.next()) {
      if (isConnect) decoder.version = undefined;
      decoder.decode(framer);
    }
  };
}

function decodeTheirs(frame, version) {
  const chunk = Buffer.concat(Array.from({ length: BATCH }, () => frame));
  const parser = mqttPacket.parser({ protocolVersion: version });
  parser.on('packet', () => undefined);
  return () => parser.parse(chunk);
}

function encodeTheirs(packet, version) {
  return () => {
    for (let i = 0; i < BATCH; i++) {
      mqttPacket.writeToStream(packet, nowhere, { protocolVersion: version });
    }
  };
}

/** As the broker sends it; CONNECT and SUBSCRIBE are only ever received, so their answers stand for them. */
function encodeOurs(packet, version) {
  if (packet.cmd === 'publish') {
    const address = topics.resolveName(packet.topic);
    const content = packet.properties === undefined ? NO_PROPERTIES : contentOf(packet.properties);
    const message = { address, buffer: payload, payloadStart: 0, payloadEnd: 64, content };
    return () => {
      for (let i = 0; i < BATCH; i++) {
        const header = {
          version,
          qos: packet.qos,
          retain: false,
          dup: false,
          packetId: 7,
          topicAlias: 0,
          aliasKnown: false,
          subscriptionIdentifiers: undefined,
          messageExpiryInterval: content.messageExpiryInterval,
        };
        encodePublish(slab, message, header, Infinity);
      }
    };
  }
  if (packet.cmd === 'puback' || packet.cmd === 'pubrel') {
    return () => {
      for (let i = 0; i < BATCH; i++) encodeBareAck(slab, packet.cmd, 7, 0, version);
    };
  }
  const answer =
    packet.cmd === 'connect'
      ? { type: 'connack', sessionPresent: false, reasonCode: 0, properties: NO_PROPERTIES }
      : { type: 'suback', packetId: 7, reasonCodes: [1, 0], properties: NO_PROPERTIES };
  return () => {
    for (let i = 0; i < BATCH; i++) encode(answer, version);
  };
}

function answerOf(packet) {
  if (packet.cmd === 'connect') {
    return { cmd: 'connack', sessionPresent: false, returnCode: 0, reasonCode: 0 };
  }
  return packet.cmd === 'subscribe' ? { cmd: 'suback', messageId: 7, granted: [1, 0] } : packet;
}

function contentOf({ userProperties, ...rest }) {
  return { ...rest, userProperties: Object.entries(userProperties) };
}

function measure(batch) {
  for (let i = 0; i < 300; i++) batch();
  let packets = 0;
  const startedAt = performance.now();
  while (performance.now() - startedAt < MEASURE_MS) {
    batch();
    packets += BATCH;
  }
  const perSecond = (packets / (performance.now() - startedAt)) * 1_000;
  return { perSecond, bytes: allocated(batch) };
}

/** The least of several tries: a collection within a batch would show as less than nothing. */
function allocated(batch) {
  const tries = Array.from({ length: 9 }, () => {
    const before = used();
    batch();
    return (used() - before) / BATCH;
  });
  const sound = tries.filter((bytes) => bytes >= 0).sort((a, b) => a - b);
  return sound[Math.floor(sound.length / 2)] ?? Number.NaN;
}

function used() {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const line = (cells) =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(34) : cell.padStart(13))).join('');
const show = ({ perSecond, bytes }) => [
  Math.round(perSecond).toLocaleString('en'),
  Math.round(bytes).toLocaleString('en'),
];

console.log(line(['', 'ours /s', 'bytes each', 'theirs /s', 'bytes each', 'ratio']));
for (const [name, version, packet] of cases) {
  const frame = mqttPacket.generate(packet, { protocolVersion: version });
  compare('decode', name, version, {
    ours: decodeOurs(frame, version, packet.cmd === 'connect'),
    theirs: decodeTheirs(frame, version),
  });
  const answered = name.replace('CONNECT', 'CONNACK').replace('SUBSCRIBE, 2 filters', 'SUBACK');
  compare('encode', answered, version, {
    ours: encodeOurs(packet, version),
    theirs: encodeTheirs(answerOf(packet), version),
  });
}

function compare(kind, name, version, { ours, theirs }) {
  const [a, b] = [measure(ours), measure(theirs)];
  const ratio = `${(a.perSecond / b.perSecond).toFixed(1)}×`;
  const title = `${kind} ${name}, ${version === 5 ? 'v5' : 'v3.1.1'}`;
  console.log(line([title, ...show(a), ...show(b), ratio]));
}
