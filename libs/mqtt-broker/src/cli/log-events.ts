import type { Broker } from '../broker.js';

/** Prints what `--verbose` promises, one line per event. Names from the wire are quoted. */
export function logEvents(broker: Broker, printLine: (line: string) => void): void {
  const print = (atMs: number, what: string, clientId: string | undefined, rest: string): void => {
    const client = clientId === undefined ? '' : ` ${JSON.stringify(clientId)}`;
    printLine(`${new Date(atMs).toISOString()} ${what}${client} ${rest}`);
  };
  broker.on('connected', (event) => {
    const { address, transport, protocolVersion } = event;
    print(event.atMs, 'connected', event.clientId, `${address} ${transport} v${protocolVersion}`);
  });
  broker.on('disconnected', (event) => {
    print(event.atMs, 'disconnected', event.clientId, `${event.address} ${event.cause}`);
  });
  broker.on('refused', (event) => {
    const code = `0x${event.reasonCode.toString(16)}`;
    print(event.atMs, 'refused', event.clientId, `${event.address} ${code} ${event.cause}`);
  });
  broker.on('denied', (event) => {
    print(event.atMs, 'denied', event.clientId, `${event.action} ${JSON.stringify(event.topic)}`);
  });
  broker.on('dropped', (event) => {
    const topic = JSON.stringify(event.topic);
    print(Date.now(), 'dropped', event.clientId, `${event.reason} ${topic}`);
  });
  broker.on('subscribed', (event) => {
    print(Date.now(), 'subscribed', event.clientId, `${JSON.stringify(event.filter)} ${event.qos}`);
  });
}
