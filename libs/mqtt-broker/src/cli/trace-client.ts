// `--trace`: one client's packets as lines, or in a capture file.

import { createWriteStream } from 'node:fs';
import type { Broker } from '../broker.js';
import { PcapWriter } from '../trace/pcap.js';
import type { Trace, TracedPacket } from '../trace/trace.js';

/** Prints every packet of a client until the trace has as many as its limits allow. */
export function traceToLines(
  broker: Broker,
  clientId: string,
  print: (line: string) => void,
): Trace {
  return broker.trace(
    { clientId },
    {
      onPacket: (packet) => print(lineOf(packet)),
      onEnd: (why) => print(`trace ended: ${why}`),
    },
  );
}

/** Writes them into a file that only its owner may read: payloads are in it. */
export function traceToFile(
  broker: Broker,
  clientId: string,
  path: string,
  printError: (line: string) => void,
): Trace {
  const file = createWriteStream(path, { mode: 0o600 });
  const pcap = new PcapWriter();
  // What waits for the disk is bounded with the trace.
  file.write(pcap.header());
  const trace = broker.trace(
    { clientId },
    { onPacket: (packet) => void file.write(pcap.write(packet)), onEnd: () => file.end() },
  );
  file.on('error', (error) => {
    printError(`hearth-broker: trace: ${error.message}`);
    trace.stop();
  });
  return trace;
}

function lineOf({
  atMs,
  direction,
  connection,
  type,
  size,
  fields,
  problem,
}: TracedPacket): string {
  const { payload, ...rest } = fields;
  const said = JSON.stringify({ ...rest, ...(payload === undefined ? {} : textOf(payload)) });
  const arrow = direction === 'in' ? '->' : '<-';
  const what = `${arrow} ${type.toUpperCase()} ${size} bytes ${said}`;
  const why = problem === undefined ? '' : ` (${problem})`;
  return `${new Date(atMs).toISOString()} trace ${connection.number} ${what}${why}`;
}

function textOf(payload: Buffer): { payload: string } | { payloadHex: string } {
  const text = payload.toString('utf8');
  return Buffer.from(text).equals(payload)
    ? { payload: text }
    : { payloadHex: payload.toString('hex') };
}
