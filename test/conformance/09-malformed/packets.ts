// One valid packet of each kind that a client sends, as named fields: the patterns that malformed ones are cut from.

import type { Version } from '@hearth/testkit';
import { binary, concat, hex, text, u16, varint } from './bytes.js';

/** Packets that have properties on 5.0; the will has its own. */
export type Place =
  | 'CONNECT'
  | 'will'
  | 'PUBLISH'
  | 'PUBACK'
  | 'PUBREC'
  | 'PUBREL'
  | 'PUBCOMP'
  | 'SUBSCRIBE'
  | 'UNSUBSCRIBE'
  | 'DISCONNECT'
  | 'AUTH';

type Kind = 'string' | 'binary' | 'packet identifier' | 'properties' | 'other';

interface Field {
  name: string;
  kind: Kind;
  bytes: Buffer;
  /** The packet may end behind this field. */
  mayEnd?: boolean;
}

export interface Pattern {
  name: string;
  first: number;
  fields: Field[];
  /** Whatever follows the last field belongs to the packet. */
  takesMore?: boolean;
}

const field = (name: string, kind: Kind, bytes: Buffer, mayEnd = false): Field => ({
  name,
  kind,
  bytes,
  mayEnd,
});
const id = (mayEnd = false): Field =>
  field('packet identifier', 'packet identifier', u16(1), mayEnd);

/** The packets of one version, with `properties` (without their length) at one place on 5.0. */
export function patterns(version: Version, place?: Place, properties = hex('')): Pattern[] {
  const at = (where: Place, mayEnd = false): Field[] => {
    const list = where === place ? properties : hex('');
    const bytes = concat(varint(list.length), list);
    return version === 5 ? [field(`properties of ${where}`, 'properties', bytes, mayEnd)] : [];
  };
  const ack = (name: 'PUBACK' | 'PUBREC' | 'PUBREL' | 'PUBCOMP', first: number): Pattern => ({
    name,
    first,
    fields:
      version === 5
        ? [id(true), field('reason code', 'other', hex('00'), true), ...at(name)]
        : [id()],
  });
  const publish = (qos: 0 | 1 | 2): Pattern => ({
    name: qos === 1 ? 'PUBLISH' : `PUBLISH at QoS ${qos}`,
    first: 0x30 | (qos << 1),
    fields: [
      field('topic name', 'string', text('a')),
      ...(qos === 0 ? [] : [id(version < 5)]),
      ...at('PUBLISH', true),
    ],
    takesMore: true,
  });
  return [
    {
      name: 'CONNECT',
      first: 0x10,
      fields: [
        field('protocol name', 'string', text(version === 3 ? 'MQIsdp' : 'MQTT')),
        field('protocol level', 'other', hex(`0${version}`)),
        field('flags', 'other', hex('c6')),
        field('keep alive', 'other', hex('0000')),
        ...at('CONNECT'),
        field('client identifier', 'string', text('c')),
        ...at('will'),
        field('will topic', 'string', text('w')),
        field('will payload', 'binary', binary(hex('00ff'))),
        field('user name', 'string', text('u')),
        field('password', 'binary', binary(hex('ff00'))),
      ],
    },
    publish(0),
    publish(1),
    publish(2),
    ack('PUBACK', 0x40),
    ack('PUBREC', 0x50),
    ack('PUBREL', 0x62),
    ack('PUBCOMP', 0x70),
    {
      name: 'SUBSCRIBE',
      first: 0x82,
      fields: [
        id(),
        ...at('SUBSCRIBE'),
        field('first filter', 'string', text('x/1')),
        field('its options', 'other', hex('00'), true),
        field('second filter', 'string', text('x/2')),
        field('options of the second', 'other', hex('01')),
      ],
    },
    {
      name: 'UNSUBSCRIBE',
      first: 0xa2,
      fields: [
        id(),
        ...at('UNSUBSCRIBE'),
        field('first filter', 'string', text('y/1'), true),
        field('second filter', 'string', text('y/2')),
      ],
    },
    { name: 'PINGREQ', first: 0xc0, fields: [] },
    {
      name: 'DISCONNECT',
      first: 0xe0,
      fields:
        version === 5 ? [field('reason code', 'other', hex('00'), true), ...at('DISCONNECT')] : [],
    },
    ...(version === 5
      ? [
          {
            name: 'AUTH',
            first: 0xf0,
            fields: [field('reason code', 'other', hex('18')), ...at('AUTH')],
          },
        ]
      : []),
  ];
}

export const bodyOf = ({ fields }: Pattern): Buffer => concat(...fields.map(({ bytes }) => bytes));

/** A whole packet: the first byte, the length, the body. */
export function packetOf(first: number, body: Buffer): Buffer {
  return concat(Buffer.from([first]), varint(body.length), body);
}

/** The packet with one field replaced. */
export function withField(pattern: Pattern, index: number, bytes: Buffer): Buffer {
  const fields = pattern.fields.map((one, i) => (i === index ? { ...one, bytes } : one));
  return packetOf(pattern.first, bodyOf({ ...pattern, fields }));
}
