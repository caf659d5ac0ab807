import type { Broker } from '../broker.js';
import type { LogType } from './log/log.js';

/** Tells of one thing that happened. */
export type WriteLine = (type: LogType, line: string, atMs?: number) => void;

/** Tells what happens on the broker, one line per event. Names from the wire are quoted. */
export function logEvents(broker: Broker, write: WriteLine, connectionMessages: boolean): void {
  const tell = (
    type: LogType,
    what: string,
    clientId: string | undefined,
    rest: string,
    atMs?: number,
  ): void => {
    const client = clientId === undefined ? '' : ` ${JSON.stringify(clientId)}`;
    write(type, `${what}${client} ${rest}`, atMs);
  };
  if (connectionMessages) tellConnections(broker, tell);
  broker.on('denied', ({ clientId, action, topic, atMs }) => {
    tell('debug', 'denied', clientId, `${action} ${JSON.stringify(topic)}`, atMs);
  });
  broker.on('dropped', ({ clientId, reason, topic }) => {
    tell('notice', 'dropped', clientId, `${reason} ${JSON.stringify(topic)}`);
  });
  broker.on('subscribed', ({ clientId, filter, qos }) => {
    tell('subscribe', 'subscribed', clientId, `${JSON.stringify(filter)} ${qos}`);
  });
  broker.on('unsubscribed', ({ clientId, filter }) => {
    tell('unsubscribe', 'unsubscribed', clientId, JSON.stringify(filter));
  });
}

type Tell = (
  type: LogType,
  what: string,
  clientId: string | undefined,
  rest: string,
  atMs?: number,
) => void;

function tellConnections(broker: Broker, tell: Tell): void {
  broker.on('connected', ({ clientId, address, transport, protocolVersion, principal, atMs }) => {
    const rest = `${address} ${transport} v${protocolVersion} ${JSON.stringify(principal.id)}`;
    tell('notice', 'connected', clientId, rest, atMs);
  });
  broker.on('disconnected', ({ clientId, address, cause, atMs }) => {
    tell('notice', 'disconnected', clientId, `${address} ${cause}`, atMs);
  });
  broker.on('refused', ({ clientId, address, reasonCode, cause, atMs }) => {
    tell('notice', 'refused', clientId, `${address} 0x${reasonCode.toString(16)} ${cause}`, atMs);
  });
}
