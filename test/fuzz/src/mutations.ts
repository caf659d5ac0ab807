// Valid sessions made wrong.

import type { Random } from './random.js';
import { aSession } from './sessions.js';

type Mutation = (packets: Buffer[], random: Random) => Buffer[];

const any = (packets: readonly Buffer[], random: Random): number => random.below(packets.length);

function changed(
  packets: readonly Buffer[],
  at: number,
  change: (bytes: Buffer) => Buffer,
): Buffer[] {
  return packets.map((bytes, i) => (i === at ? change(Buffer.from(bytes)) : bytes));
}

const flipBits: Mutation = (packets, random) =>
  changed(packets, any(packets, random), (bytes) => {
    for (let flips = 1 + random.below(4); flips > 0; flips--) {
      const at = random.below(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    }
    return bytes;
  });

const setBytes: Mutation = (packets, random) =>
  changed(packets, any(packets, random), (bytes) => {
    for (let sets = 1 + random.below(3); sets > 0; sets--) {
      bytes[random.below(bytes.length)] = random.pick([0x00, 0x01, 0x7f, 0x80, 0xff, 0xc0]);
    }
    return bytes;
  });

const truncate: Mutation = (packets, random) =>
  changed(packets, any(packets, random), (bytes) => bytes.subarray(0, random.below(bytes.length)));

const announce: Mutation = (packets, random) =>
  changed(packets, any(packets, random), (bytes) =>
    Buffer.concat([
      bytes.subarray(0, 1),
      random.pick([
        Buffer.from([0xff, 0xff, 0xff, 0x7f]),
        Buffer.from([0xff, 0xff, 0xff, 0xff, 0x7f]),
        Buffer.from([0x80, 0x00]),
        Buffer.from([0xff, 0x7f]),
      ]),
      bytes.subarray(2),
    ]),
  );

const duplicate: Mutation = (packets, random) => {
  const one = packets[any(packets, random)];
  return one === undefined
    ? packets
    : [...packets, ...Array.from({ length: 1 + random.below(200) }, () => one)];
};

const reorder: Mutation = (packets, random) => {
  const rest = [...packets];
  for (let i = rest.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const [a, b] = [rest[i], rest[j]];
    if (a === undefined || b === undefined) continue;
    rest[i] = b;
    rest[j] = a;
  }
  return rest;
};

const leaveOut: Mutation = (packets, random) => {
  const gone = any(packets, random);
  return packets.length < 2 ? packets : packets.filter((_, i) => i !== gone);
};

const splice: Mutation = (packets, random) => {
  const other = aSession(random);
  return [
    ...packets.slice(0, 1 + any(packets, random)),
    ...other.slice(random.below(other.length)),
  ];
};

const noise: Mutation = (packets, random) => {
  const at = any(packets, random);
  return [...packets.slice(0, at), random.bytes(1 + random.below(60)), ...packets.slice(at)];
};

const mutations: readonly [Mutation, ...Mutation[]] = [
  flipBits,
  flipBits,
  setBytes,
  truncate,
  announce,
  duplicate,
  reorder,
  leaveOut,
  splice,
  noise,
];

/** A session, valid in half of the cases. */
export function anAttack(random: Random): Buffer[] {
  let packets = aSession(random);
  if (random.chance(0.5)) return packets;
  for (let count = 1 + random.below(3); count > 0; count--) {
    packets = random.pick(mutations)(packets, random);
  }
  return packets.filter((bytes) => bytes.length > 0);
}

/** The same bytes in other pieces. */
export function cut(packets: readonly Buffer[], random: Random): Buffer[] {
  const stream = Buffer.concat(packets);
  const style = random.below(4);
  if (style === 0) return [stream];
  if (style === 1) return [...packets];
  const longest = style === 2 ? 10 : 2000;
  const pieces: Buffer[] = [];
  for (let at = 0; at < stream.length && pieces.length < 300;) {
    const end = at + 1 + random.below(longest);
    pieces.push(stream.subarray(at, end));
    at = end;
  }
  return pieces;
}
