// Where Mosquitto answers what the protocol does not allow otherwise than the specification names it. Either way the
// connection ends; whoever compares bytes, or knows Mosquitto's answers, finds them.

import { isDiscouraged } from '../codec/discouraged.js';
import type { ConnectPacket } from '../codec/packets.js';
import { ReasonCode } from '../codec/reason-codes.js';
import { type ErrorSubject, malformed, type ProtocolError, violation } from '../errors.js';
import type { Dialect } from '../listener-settings.js';
import type { TopicFilter } from '../topic/topic-filter.js';

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

/** Throws for what is no topic filter: Mosquitto does not answer it in a SUBACK or UNSUBACK, but ends the connection. */
export function checkFilter(text: string, parsed: TopicFilter | undefined): void {
  if (parsed !== undefined && !isDiscouraged(text)) return;
  const [share, name = '', ...rest] = text.split('/');
  const isBadShare = share === '$share' && (name.includes('+') || rest.join('') === '');
  if (isBadShare && !text.includes('#/')) throw violation('$share is malformed', 'share');
  throw malformed('topic filter is none', 'subscription');
}
