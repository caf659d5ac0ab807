// Table 2-4 of MQTT 5.0 as the judge reads it, and wrong values of every type.

import { badText, binary, concat, hex, text, varint } from './bytes.js';
import type { Place } from './packets.js';

type Type = 'byte' | 'two' | 'four' | 'varint' | 'string' | 'binary' | 'pair';

export interface Property {
  id: number;
  name: string;
  type: Type;
  /** Where a client may send it. */
  allowed: readonly Place[];
  /** A value that is legal wherever the property is. */
  legal: Buffer;
  /** Values of the right type that are not allowed, with the codes that may answer. */
  illegal?: readonly (readonly [name: string, bytes: Buffer, codes: readonly number[]])[];
  mayRepeat?: boolean;
}

const message: readonly Place[] = ['PUBLISH', 'will'];
const acks: readonly Place[] = ['PUBACK', 'PUBREC', 'PUBREL', 'PUBCOMP'];
const VIOLATION = [0x82];
const bit = [
  ['2', hex('02'), VIOLATION],
  ['255', hex('ff'), VIOLATION],
] as const;
const zero16 = [['0', hex('0000'), VIOLATION]] as const;

export const properties: readonly Property[] = [
  {
    id: 0x01,
    name: 'Payload Format Indicator',
    type: 'byte',
    allowed: message,
    legal: hex('00'),
    illegal: bit,
  },
  {
    id: 0x02,
    name: 'Message Expiry Interval',
    type: 'four',
    allowed: message,
    legal: hex('0000000a'),
  },
  { id: 0x03, name: 'Content Type', type: 'string', allowed: message, legal: text('t') },
  {
    id: 0x08,
    name: 'Response Topic',
    type: 'string',
    allowed: message,
    legal: text('r'),
    illegal: [
      ['with +', text('r/+'), [0x81, 0x82, 0x90]],
      ['with #', text('#'), [0x81, 0x82, 0x90]],
    ],
  },
  {
    id: 0x09,
    name: 'Correlation Data',
    type: 'binary',
    allowed: message,
    legal: binary(hex('00ff')),
  },
  {
    id: 0x0b,
    name: 'Subscription Identifier',
    type: 'varint',
    allowed: ['SUBSCRIBE'],
    legal: varint(7),
    illegal: [['0', hex('00'), VIOLATION]],
  },
  {
    id: 0x11,
    name: 'Session Expiry Interval',
    type: 'four',
    allowed: ['CONNECT', 'DISCONNECT'],
    legal: hex('00000000'),
  },
  { id: 0x12, name: 'Assigned Client Identifier', type: 'string', allowed: [], legal: text('c') },
  { id: 0x13, name: 'Server Keep Alive', type: 'two', allowed: [], legal: hex('000a') },
  {
    id: 0x15,
    name: 'Authentication Method',
    type: 'string',
    allowed: ['CONNECT', 'AUTH'],
    legal: text('m'),
  },
  {
    id: 0x16,
    name: 'Authentication Data',
    type: 'binary',
    allowed: ['CONNECT', 'AUTH'],
    legal: binary(hex('00')),
  },
  {
    id: 0x17,
    name: 'Request Problem Information',
    type: 'byte',
    allowed: ['CONNECT'],
    legal: hex('01'),
    illegal: bit,
  },
  {
    id: 0x18,
    name: 'Will Delay Interval',
    type: 'four',
    allowed: ['will'],
    legal: hex('00000000'),
  },
  {
    id: 0x19,
    name: 'Request Response Information',
    type: 'byte',
    allowed: ['CONNECT'],
    legal: hex('00'),
    illegal: bit,
  },
  { id: 0x1a, name: 'Response Information', type: 'string', allowed: [], legal: text('r') },
  { id: 0x1c, name: 'Server Reference', type: 'string', allowed: ['DISCONNECT'], legal: text('s') },
  {
    id: 0x1f,
    name: 'Reason String',
    type: 'string',
    allowed: [...acks, 'DISCONNECT', 'AUTH'],
    legal: text('r'),
  },
  {
    id: 0x21,
    name: 'Receive Maximum',
    type: 'two',
    allowed: ['CONNECT'],
    legal: hex('0001'),
    illegal: zero16,
  },
  { id: 0x22, name: 'Topic Alias Maximum', type: 'two', allowed: ['CONNECT'], legal: hex('0000') },
  {
    id: 0x23,
    name: 'Topic Alias',
    type: 'two',
    allowed: ['PUBLISH'],
    legal: hex('0001'),
    illegal: [
      ['0', hex('0000'), [0x94]],
      ['65,535', hex('ffff'), [0x94]],
    ],
  },
  { id: 0x24, name: 'Maximum QoS', type: 'byte', allowed: [], legal: hex('01') },
  { id: 0x25, name: 'Retain Available', type: 'byte', allowed: [], legal: hex('01') },
  {
    id: 0x26,
    name: 'User Property',
    type: 'pair',
    allowed: ['CONNECT', ...message, ...acks, 'SUBSCRIBE', 'UNSUBSCRIBE', 'DISCONNECT', 'AUTH'],
    legal: concat(text('k'), text('v')),
    mayRepeat: true,
  },
  {
    id: 0x27,
    name: 'Maximum Packet Size',
    type: 'four',
    allowed: ['CONNECT'],
    legal: hex('00010000'),
    illegal: [['0', hex('00000000'), VIOLATION]],
  },
  {
    id: 0x28,
    name: 'Wildcard Subscription Available',
    type: 'byte',
    allowed: [],
    legal: hex('01'),
  },
  {
    id: 0x29,
    name: 'Subscription Identifier Available',
    type: 'byte',
    allowed: [],
    legal: hex('01'),
  },
  { id: 0x2a, name: 'Shared Subscription Available', type: 'byte', allowed: [], legal: hex('01') },
];

/** Values that are not of the property's type. */
export function badValues({ type }: Property): (readonly [name: string, bytes: Buffer])[] {
  const strings = badText.map(([name, bytes]) => [name, binary(bytes)] as const);
  switch (type) {
    case 'string':
      return strings;
    case 'pair':
      return strings.flatMap(([name, bytes]) => [
        [`${name} in its name`, concat(bytes, text('v'))] as const,
        [`${name} in its value`, concat(text('k'), bytes)] as const,
      ]);
    case 'varint':
      return [
        ['five bytes', hex('8080808001')],
        ['five bytes of 0x80 and 0', hex('8080808000')],
        ['four bytes that all go on', hex('ffffffff')],
        ['two bytes where one is enough', varint(7, 2)],
        ['four bytes where one is enough', varint(7, 4)],
      ];
    case 'byte':
    case 'two':
    case 'four':
    case 'binary':
      return [];
    default:
      return type satisfies never;
  }
}
