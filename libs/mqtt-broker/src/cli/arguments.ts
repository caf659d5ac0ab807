// What may stand behind `hearth-broker`.

import { Command, InvalidArgumentError, Option } from 'commander';

export interface Arguments {
  port?: number[];
  host?: string;
  websocketPort?: number;
  allowAnonymous?: true;
  configFile?: string;
  testConfig?: true;
  daemon?: true;
  verbose?: true;
  quiet?: true;
  trace?: string;
  traceFile?: string;
}

// Mosquitto's limit.
const MAX_PORTS = 10;

/** Ends the process with a word on stderr when the arguments make no sense, with help on `--help`. */
export function parseArguments(argv: readonly string[]): Arguments {
  return new Command('hearth-broker')
    .description(
      'An MQTT 3.1, 3.1.1 and 5.0 broker. Without -c and --allow-anonymous it serves this machine only.',
    )
    .option('-c, --config-file <file>', "a mosquitto.conf, or JSON in hearth-broker's own form")
    .option(
      '-p, --port <port>',
      'TCP port, up to 10 times; 0 takes a free one (default: 1883)',
      addPort,
    )
    .option('--host <address>', 'address to listen on (default: all with --allow-anonymous)')
    .option('--websocket-port <port>', 'also serve MQTT over WebSocket on this port', toPort)
    .option('--allow-anonymous', 'let every client in, and through to every topic')
    .option('--trace <client-id>', 'print every packet of this client, for a while')
    .option('--trace-file <file>', 'write them into a pcap file for Wireshark instead')
    .option('-v, --verbose', 'log everything that can be logged')
    .option('-q, --quiet', 'log nothing')
    .option('--test-config', 'only say whether the configuration file is right')
    .addOption(new Option('-d, --daemon').hideHelp())
    .parse(argv)
    .opts<Arguments>();
}

function addPort(text: string, ports: number[] = []): number[] {
  if (ports.length >= MAX_PORTS) throw new InvalidArgumentError(`At most ${MAX_PORTS} ports.`);
  return [...ports, toPort(text)];
}

function toPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  }
  return port;
}
