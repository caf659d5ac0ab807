// Malformed packets made systematically from the valid ones, lengths of five bytes among them (CVE-2026-21888, CVE-2026-25627). Each row: what is wrong with it, its bytes, and the
// reason codes that may answer it on 5.0 (on 3.x only the end of the connection can).

import type { Version } from '@hearth/testkit';
import { badText, binary, concat, hex, text, u16, varint } from './bytes.js';
import { bodyOf, packetOf, patterns, withField, type Pattern, type Place } from './packets.js';
import { badValues, properties, type Property } from './properties.js';

export interface Row {
  name: string;
  /** Whether it stands in place of the CONNECT or comes after one. */
  isConnect: boolean;
  bytes: Buffer;
  codes: readonly number[];
}

export interface Table {
  name: string;
  rows: Row[];
}

const MALFORMED = [0x81];
const VIOLATION = [0x82];
const EITHER = [0x81, 0x82];

function row(pattern: Pattern, name: string, bytes: Buffer, codes: readonly number[]): Row {
  return { name: `${pattern.name}: ${name}`, isConnect: pattern.name === 'CONNECT', bytes, codes };
}

/** The body ends early, at every byte where it may not. */
function truncated(pattern: Pattern): Row[] {
  const body = bodyOf(pattern);
  const ends = new Set<number>();
  let end = 0;
  // A DISCONNECT, an AUTH or a PUBLISH payload of nothing are whole.
  if (pattern.name === 'DISCONNECT') ends.add(0);
  for (const { bytes, mayEnd } of pattern.fields) {
    end += bytes.length;
    if (mayEnd === true) ends.add(end);
  }
  // No MQTT at all without a whole name: no code then.
  return Array.from({ length: body.length }, (_, length) => length)
    .filter((length) => !ends.has(length))
    .map((length) =>
      row(
        pattern,
        `${length} of ${body.length} bytes`,
        packetOf(pattern.first, body.subarray(0, length)),
        EITHER,
      ),
    );
}

function trailing(pattern: Pattern): Row[] {
  if (pattern.takesMore === true) return [];
  return [hex('00'), hex('ff'), hex('0000000000')].map((more) =>
    row(
      pattern,
      `${more.toString('hex')} behind its end`,
      packetOf(pattern.first, concat(bodyOf(pattern), more)),
      EITHER,
    ),
  );
}

function badFields(pattern: Pattern): Row[] {
  return pattern.fields.flatMap((one, index): Row[] => {
    const put = (name: string, bytes: Buffer, codes: readonly number[]): Row =>
      row(pattern, `${one.name} ${name}`, withField(pattern, index, bytes), codes);
    switch (one.kind) {
      case 'string':
        return [
          ...badText.map(([name, bytes]) =>
            put(`with ${name}`, binary(bytes), [0x81, 0x82, 0x84, 0x90]),
          ),
          put('that ends beyond the packet', concat(u16(0xffff), one.bytes.subarray(2)), EITHER),
        ];
      case 'binary':
        return [
          put('that ends beyond the packet', concat(u16(0xffff), one.bytes.subarray(2)), EITHER),
        ];
      case 'packet identifier':
        return [put('0', u16(0), EITHER)];
      case 'properties':
        return badLists(one.bytes).map(([name, bytes]) => put(name, bytes, EITHER));
      case 'other':
        return [];
      default:
        return one.kind satisfies never;
    }
  });
}

function badLists(own: Buffer): (readonly [string, Buffer])[] {
  const list = own.subarray(1);
  return [
    ['longer than the packet', concat(varint(100), list)],
    ['of 256 MiB', concat(hex('ffffff7f'), list)],
    ['with a length of two bytes where one is enough', concat(varint(list.length, 2), list)],
    ['with a length of four bytes where one is enough', concat(varint(list.length, 4), list)],
    ['with a length of five bytes', concat(hex('8080808000'), list)],
    ['with a length without end', hex('ffffffffffffffff')],
  ];
}

/** The first byte and the length. */
function badHeaders(pattern: Pattern, version: Version): Row[] {
  const body = bodyOf(pattern);
  const rows = [2, 3, 4].map((bytes) =>
    row(
      pattern,
      `a length of ${bytes} bytes where one is enough`,
      concat(Buffer.from([pattern.first]), varint(body.length, bytes), body),
      MALFORMED,
    ),
  );
  for (const length of ['8080808000', '8080808001', 'ffffffff7f', 'ffffffffff']) {
    rows.push(
      row(
        pattern,
        `the length ${length}`,
        concat(Buffer.from([pattern.first]), hex(length), body),
        MALFORMED,
      ),
    );
  }
  if (pattern.first >> 4 === 3) return rows;
  for (let flags = 0; flags < 16; flags++) {
    const first = (pattern.first & 0xf0) | flags;
    // 3.1 clients set DUP on what they send again.
    const isLegal = first === pattern.first || (version === 3 && first === (pattern.first | 8));
    const isConnect = pattern.name === 'CONNECT';
    if (isLegal && !(isConnect && flags !== 0)) continue;
    // 3.1 does not use them there.
    if (isConnect && version === 3) continue;
    rows.push(row(pattern, `flags ${flags}`, packetOf(first, body), MALFORMED));
  }
  return rows;
}

const one = (id: number, value: Buffer): Buffer => concat(varint(id), value);

function placed(place: Place, list: Buffer, name: string, codes: readonly number[]): Row[] {
  const owner = place === 'will' ? 'CONNECT' : place;
  return patterns(5, place, list)
    .filter((pattern) => pattern.name === owner)
    .map((pattern) => ({
      ...row(pattern, name, packetOf(pattern.first, bodyOf(pattern)), codes),
      name: `${place}: ${name}`,
    }));
}

function misplaced(place: Place): Row[] {
  return properties
    .filter(({ allowed }) => !allowed.includes(place))
    .flatMap(({ id, name, legal }) =>
      placed(
        place,
        one(id, legal),
        `${name}, which does not belong there`,
        place === 'PUBLISH' && id === 0x0b ? EITHER : MALFORMED,
      ),
    );
}

function unknown(place: Place): Row[] {
  const known = new Set(properties.map(({ id }) => id));
  const ids = Array.from({ length: 200 }, (_, id) => id).filter((id) => !known.has(id));
  return [
    ...ids.flatMap((id) =>
      placed(
        place,
        one(id, hex('00')),
        `a property 0x${id.toString(16)} that does not exist`,
        MALFORMED,
      ),
    ),
    ...placed(
      place,
      concat(varint(0x26, 2), text('k'), text('v')),
      'a property identifier of two bytes',
      MALFORMED,
    ),
    ...placed(place, hex('8080808026'), 'a property identifier of five bytes', MALFORMED),
  ];
}

function badProperty(place: Place, property: Property): Row[] {
  const { id, name, legal, illegal = [], mayRepeat } = property;
  // Data without a method is wrong in itself.
  const before = id === 0x16 ? one(0x15, text('m')) : hex('');
  const put = (what: string, list: Buffer, codes: readonly number[]): Row[] =>
    placed(place, concat(before, list), `${name} ${what}`, codes);
  const twice = concat(one(id, legal), one(id, legal));
  const cuts = Array.from({ length: legal.length }, (_, length) => length);
  return [
    ...(mayRepeat === true ? [] : put('twice', twice, VIOLATION)),
    ...cuts.flatMap((length) =>
      put(`of ${length} bytes`, one(id, legal.subarray(0, length)), MALFORMED),
    ),
    ...illegal.flatMap(([what, bytes, codes]) => put(what, one(id, bytes), codes)),
    ...badValues(property).flatMap(([what, bytes]) =>
      put(`with ${what}`, one(id, bytes), MALFORMED),
    ),
  ];
}

export const places: readonly Place[] = [
  'CONNECT',
  'will',
  'PUBLISH',
  'PUBACK',
  'PUBREC',
  'PUBREL',
  'PUBCOMP',
  'SUBSCRIBE',
  'UNSUBSCRIBE',
  'DISCONNECT',
  'AUTH',
];

/** What is wrong before 5.0 only: bytes of 5.0. */
function foreignForm(version: 3 | 4): Row[] {
  const own = patterns(version);
  const modern = new Map(patterns(5).map((pattern) => [pattern.name, pattern]));
  const rows = own
    .filter(({ name }) =>
      ['SUBSCRIBE', 'UNSUBSCRIBE', 'PUBACK', 'PUBREC', 'PUBREL', 'PUBCOMP', 'DISCONNECT'].includes(
        name,
      ),
    )
    .map((pattern) =>
      row(
        pattern,
        'the form of 5.0',
        packetOf(pattern.first, bodyOf(modern.get(pattern.name)!)),
        EITHER,
      ),
    );
  const [connect] = own;
  const withList = connect!.fields.flatMap((one) =>
    one.name === 'client identifier' ? [{ ...one, bytes: concat(hex('00'), one.bytes) }] : [one],
  );
  return [
    ...rows,
    row(
      connect!,
      'the form of 5.0',
      packetOf(0x10, bodyOf({ ...connect!, fields: withList })),
      EITHER,
    ),
    {
      name: 'AUTH',
      isConnect: false,
      bytes: packetOf(0xf0, concat(hex('18'), hex('00'))),
      codes: EITHER,
    },
  ];
}

/** Packets that only a server sends, and one that nobody does. */
function notTheClients(version: Version): Row[] {
  const list = version === 5 ? hex('00') : hex('');
  const packets: [string, Buffer][] = [
    ['type 0', hex('0000')],
    ['type 0 with a body', hex('00020001')],
    ['CONNACK', packetOf(0x20, concat(hex('0000'), list))],
    ['SUBACK', packetOf(0x90, concat(u16(1), list, hex('00')))],
    ['UNSUBACK', packetOf(0xb0, concat(u16(1), list, version === 5 ? hex('00') : hex('')))],
    ['PINGRESP', hex('d000')],
    ['a second CONNECT', packetOf(0x10, bodyOf(patterns(version)[0]!))],
    ...(version === 5 ? [] : [['type 15', hex('f000')] satisfies [string, Buffer]]),
  ];
  return packets.map(([name, bytes]) => ({ name, isConnect: false, bytes, codes: EITHER }));
}

function badConnects(version: Version): Row[] {
  const list = version === 5 ? hex('00') : hex('');
  const rest = concat(hex('02 0000'), list, text('c'));
  const named = (name: string, level: number): Buffer =>
    packetOf(0x10, concat(text(name), Buffer.from([level]), rest));
  const flagged = (flags: number): Buffer =>
    packetOf(
      0x10,
      concat(
        text(version === 3 ? 'MQIsdp' : 'MQTT'),
        Buffer.from([version, flags]),
        hex('0000'),
        list,
        text('c'),
        list,
        text('w'),
        text('x'),
        text('u'),
        text('p'),
      ),
    );
  const right = version === 3 ? 'MQIsdp' : 'MQTT';
  const names = [
    '',
    'M',
    'MQT',
    'MQTTT',
    'mqtt',
    'MQTT ',
    ' MQTT',
    'MQISDP',
    'MQIsdP',
    'HTTP',
    'x'.repeat(5000),
  ];
  const levels = [0, 1, 2, 6, 7, 127, 128 + version, 255];
  // 3.1 reserves the last flag, but does not say what it has to be.
  const flags = [...(version === 3 ? [] : [0x03]), 0xff, 0x1e, 0x0a, 0x12, 0x22, 0x3e];
  return [
    ...names.map((name) => ({
      name: `the protocol name ${JSON.stringify(name.slice(0, 20))}`,
      bytes: named(name, version),
    })),
    ...levels.map((level) => ({ name: `the protocol level ${level}`, bytes: named(right, level) })),
    {
      name: 'the name of 3.1 with another level',
      bytes: named('MQIsdp', version === 3 ? 4 : version),
    },
    { name: 'the level of 3.1 with another name', bytes: named('MQTT', 3) },
    ...flags.map((value) => ({ name: `the flags 0x${value.toString(16)}`, bytes: flagged(value) })),
  ].map((one) => ({
    ...one,
    name: `CONNECT: ${one.name}`,
    isConnect: true,
    codes: [0x81, 0x82, 0x84],
  }));
}

function badRequests(version: Version): Row[] {
  const list = version === 5 ? hex('00') : hex('');
  const head = concat(u16(1), list);
  const options =
    version === 5 ? ['40', '80', 'c0', 'ff'] : ['04', '08', '10', '20', '40', '80', 'ff'];
  const subscribe = (body: Buffer): Buffer => packetOf(0x82, concat(head, body));
  const rows: [string, Buffer, readonly number[]][] = [
    ['SUBSCRIBE without a filter', subscribe(hex('')), VIOLATION],
    ['UNSUBSCRIBE without a filter', packetOf(0xa2, head), VIOLATION],
    ['SUBSCRIBE to QoS 3', subscribe(concat(text('a'), hex('03'))), VIOLATION],
    ...options.map((digits): [string, Buffer, readonly number[]] => [
      `SUBSCRIBE with the options 0x${digits}`,
      subscribe(concat(text('a'), hex(digits))),
      digits === 'ff' ? EITHER : MALFORMED,
    ]),
    ['PUBLISH to QoS 3', packetOf(0x36, concat(text('a'), u16(1), list)), MALFORMED],
    ['PUBLISH with DUP at QoS 0', packetOf(0x38, concat(text('a'), list)), EITHER],
    ['PUBLISH to nothing', packetOf(0x30, concat(text(''), list)), VIOLATION],
    ...['+', '#', 'a/+', 'a/#', 'a+', '#a', '+/b'].map(
      (name): [string, Buffer, readonly number[]] => [
        `PUBLISH to ${name}`,
        packetOf(0x32, concat(text(name), u16(1), list)),
        [0x90],
      ],
    ),
  ];
  if (version === 5) {
    rows.push(
      ['SUBSCRIBE with retain handling 3', subscribe(concat(text('a'), hex('30'))), VIOLATION],
      [
        'SUBSCRIBE with No Local to a shared subscription',
        subscribe(concat(text('$share/g/a'), hex('04'))),
        VIOLATION,
      ],
      [
        'PUBLISH with an alias that is not known and no topic',
        packetOf(0x30, concat(text(''), hex('03 23 0001'))),
        VIOLATION,
      ],
      ['AUTH without a method', hex('f00118'), EITHER],
      ['AUTH of nothing', hex('f000'), EITHER],
    );
    const codesOf = { PUBACK: 0x40, PUBREC: 0x50, PUBREL: 0x62, PUBCOMP: 0x70 };
    const success = new Set([0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]);
    const found = new Set([0x00, 0x92]);
    for (const [name, first] of Object.entries(codesOf)) {
      const legal = first < 0x60 ? success : found;
      for (let code = 0; code < 256; code++) {
        if (legal.has(code)) continue;
        rows.push([
          `${name} with the reason code 0x${code.toString(16)}`,
          packetOf(first, concat(u16(1), Buffer.from([code]))),
          EITHER,
        ]);
      }
    }
  }
  return rows.map(([name, bytes, codes]) => ({ name, isConnect: false, bytes, codes }));
}

/** All of one version. */
export function tablesOf(version: Version): Table[] {
  const all = patterns(version);
  const tables: Table[] = [
    ...all.map((pattern) => ({
      name: pattern.name,
      rows: [
        ...truncated(pattern),
        ...trailing(pattern),
        ...badFields(pattern),
        ...badHeaders(pattern, version),
      ],
    })),
    { name: "packets that are not the client's to send", rows: notTheClients(version) },
    { name: 'CONNECT names, levels and flags', rows: badConnects(version) },
    { name: 'requests', rows: badRequests(version) },
  ];
  if (version !== 5) tables.push({ name: 'the form of 5.0', rows: foreignForm(version) });
  else {
    for (const place of places) {
      tables.push({
        name: `properties of ${place}`,
        rows: [
          ...misplaced(place),
          ...unknown(place),
          ...properties
            .filter(({ allowed }) => allowed.includes(place))
            .flatMap((property) => badProperty(place, property)),
        ],
      });
    }
  }
  return tables;
}

/** Every property alone, where it belongs: legal. */
export function legalProperties(place: Place): Row[] {
  return properties
    .filter(({ allowed }) => allowed.includes(place))
    .flatMap(({ id, name, legal, mayRepeat }) =>
      placed(
        place,
        concat(...Array.from({ length: mayRepeat === true ? 3 : 1 }, () => one(id, legal))),
        name,
        [],
      ),
    );
}
