// The properties of MQTT 5.0 (section 2.2.2.2) as a test writes them. Names are those of mqtt-packet,
// so that a property is called the same whether it is sent or received.

import { lengthPrefixed, number, variableByteInteger, wire } from './notation.js';

/** Properties by name, or in wire notation (without the length) when order or legality matters. */
export type Properties = string | NamedProperties;

export interface NamedProperties {
  payloadFormatIndicator?: number;
  messageExpiryInterval?: number;
  contentType?: string;
  responseTopic?: string;
  correlationData?: string | Uint8Array;
  /** Several are allowed in what a server sends. */
  subscriptionIdentifier?: number;
  sessionExpiryInterval?: number;
  authenticationMethod?: string;
  authenticationData?: string | Uint8Array;
  requestProblemInformation?: number;
  willDelayInterval?: number;
  requestResponseInformation?: number;
  reasonString?: string;
  receiveMaximum?: number;
  topicAliasMaximum?: number;
  topicAlias?: number;
  maximumPacketSize?: number;
  /** In the order given. */
  userProperties?: readonly (readonly [name: string, value: string])[];
}

type Encode = (value: never) => Buffer;
const byte: Encode = (value: number) => number(value, 1);
const two: Encode = (value: number) => number(value, 2);
const four: Encode = (value: number) => number(value, 4);
const variable: Encode = variableByteInteger;
const text: Encode = lengthPrefixed;

const table: Record<Exclude<keyof NamedProperties, 'userProperties'>, [id: number, Encode]> = {
  payloadFormatIndicator: [0x01, byte],
  messageExpiryInterval: [0x02, four],
  contentType: [0x03, text],
  responseTopic: [0x08, text],
  correlationData: [0x09, text],
  subscriptionIdentifier: [0x0b, variable],
  sessionExpiryInterval: [0x11, four],
  authenticationMethod: [0x15, text],
  authenticationData: [0x16, text],
  requestProblemInformation: [0x17, byte],
  willDelayInterval: [0x18, four],
  requestResponseInformation: [0x19, byte],
  reasonString: [0x1f, text],
  receiveMaximum: [0x21, two],
  topicAliasMaximum: [0x22, two],
  topicAlias: [0x23, two],
  maximumPacketSize: [0x27, four],
};

/** The properties with their length before them. */
export function propertyBytes(properties: Properties = ''): Buffer {
  const bytes = typeof properties === 'string' ? wire(properties) : named(properties);
  return Buffer.concat([variableByteInteger(bytes.length), bytes]);
}

function named({ userProperties = [], ...single }: NamedProperties): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of Object.entries(single)) {
    if (value === undefined) continue;
    const [id, encode] = table[name as keyof typeof table];
    parts.push(number(id, 1), encode(value as never));
  }
  for (const [name, value] of userProperties) {
    parts.push(number(0x26, 1), lengthPrefixed(name), lengthPrefixed(value));
  }
  return Buffer.concat(parts);
}
