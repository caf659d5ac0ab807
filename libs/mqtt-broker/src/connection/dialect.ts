// Where Mosquitto answers what the protocol does not allow otherwise than the specification names it. Either way the
// connection ends; whoever compares bytes, or knows Mosquitto's answers, finds them.

import { isDiscouraged } from '../codec/discouraged.js';
import type { ConnectPacket } from '../codec/packets.js';
import { ReasonCode } from '../codec/reason-codes.js';
import { type ErrorSubject, malformed, type ProtocolError, violation } from '../errors.js';
import type { Dialect } from '../listener-settings.js';

interface Answer {
  readonly reasonCode: number;
  /** The connection ends without a word. */
  readonly isSilent: boolean;
}

const mosquitto: Record<ErrorSubject, number | 'silence'> = {
  auth: ReasonCode.protocolError,
  'client-identifier': ReasonCode.clientIdentifierNotValid,
  'connect-text': 'silence',
  'disconnect-reason': 'silence',
  'packet-identifier': ReasonCode.protocolError,
  ping: 'silence',
  property: ReasonCode.protocolError,
  'remaining-length': 'silence',
  share: ReasonCode.protocolError,
  subscription: ReasonCode.malformedPacket,
  topic: ReasonCode.malformedPacket,
};

/** What a peer is told of its error. */
export function answerTo({ reasonCode, about }: ProtocolError, dialect: Dialect): Answer {
  const other = dialect === 'mosquitto' && about !== undefined ? mosquitto[about] : reasonCode;
  return other === 'silence'
    ? { reasonCode, isSilent: true }
    : { reasonCode: other, isSilent: false };
}

/** Throws for control characters and non-characters, as Mosquitto does. */
export function checkCharacters({ clientId, username, will }: ConnectPacket): void {
  if (isDiscouraged(clientId)) {
    throw malformed('client identifier has a control character', 'client-identifier');
  }
  if (isDiscouraged(username ?? '') || will?.topic.isDiscouraged === true) {
    throw malformed('a text has a control character', 'connect-text');
  }
}

/** Throws for a topic filter that Mosquitto does not answer in a SUBACK or UNSUBACK, but by ending the connection. */
export function checkFilter(filter: string, maxTopicLevels: number): void {
  const isTooDeep = filter.split('/').length > maxTopicLevels;
  if (filter === '' || isTooDeep || isDiscouraged(filter)) {
    throw malformed('topic filter is none', 'subscription');
  }
  if (!filter.startsWith('$share/')) return;
  if (filter.includes('#/')) throw malformed('# is not last', 'subscription');
  const [, name = '', ...rest] = filter.split('/');
  if (name.includes('+') || rest.join('') === '') throw violation('$share is malformed', 'share');
}
