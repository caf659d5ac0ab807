// Every environment variable of the api, with its default and its meaning. docs/configuration.md is emitted from here.
import { isIP } from 'node:net';
import { z } from 'zod';

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number from 0 to 65535')
  .transform(Number)
  .refine((number) => number <= 65_535, 'must be a port number from 0 to 65535');

const url = (protocols: readonly string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    );

const NAMED_NETWORKS: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** `10.0.0.1`, `10.0.0.0/8`, `fd00::/8` or the name of a network. */
function isNetwork(text: string): boolean {
  if (NAMED_NETWORKS.has(text)) return true;
  const [address = '', prefix = '0', ...rest] = text.split('/');
  const family = isIP(address);
  return (
    family !== 0 &&
    rest.length === 0 &&
    /^\d{1,3}$/.test(prefix) &&
    Number(prefix) <= (family === 4 ? 32 : 128)
  );
}

const networks = z
  .string()
  .transform((text) => text.split(',').map((network) => network.trim()))
  .refine(
    (list) => list.every(isNetwork),
    'must be addresses or networks, separated by commas, such as loopback,172.16.0.0/12',
  );

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Names as they stand in the environment. Values are text until here; the output is typed. */
export const envSchema = z.object({
  HEARTH_DATA_DIR: z
    .string()
    .default('./data')
    .describe(
      'Folder for everything that Hearth keeps outside Postgres: secrets, embedded database.',
    ),
  DATABASE_URL: url(['postgres:', 'postgresql:']).describe(
    'Postgres 15 or later. `npm start` starts an embedded one when this is not set.',
  ),
  HEARTH_PORT: port.default(3000).describe('Port of the dashboard. The api writes it into links.'),
  HEARTH_PUBLIC_URL: url(['http:', 'https:'])
    .optional()
    .describe(
      'Address of the dashboard as browsers reach it, where that is not `http://localhost:<HEARTH_PORT>`. With https, cookies are sent over TLS only.',
    ),
  HEARTH_API_PORT: port.default(3001).describe('Port of the HTTP api, behind the dashboard.'),
  HEARTH_API_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address on which the HTTP api listens.'),
  HEARTH_TRUSTED_PROXIES: networks
    .default(['loopback'])
    .describe(
      'Whose `X-Forwarded-For` is believed: addresses and networks (`10.0.0.0/8`), separated by commas; `loopback` and `uniquelocal` are names of such networks.',
    ),
  HEARTH_MQTT_PORT: port.default(1883).describe('Port of the MQTT broker.'),
  HEARTH_MQTT_HOST: z
    .string()
    .min(1)
    .default('0.0.0.0')
    .describe('Address on which the MQTT broker listens.'),
  HEARTH_METRICS_OPEN: z
    .enum(['true', 'false'])
    .default('false')
    .describe(
      '`true` opens `/metrics` to everybody who reaches the api, for a Prometheus without credentials.',
    ),
  HEARTH_SIMULATOR_MAIN: z
    .string()
    .min(1)
    .optional()
    .describe(
      'JavaScript file of the simulator that the dashboard starts, where it is not the installed one.',
    ),
  HEARTH_LOG_LEVEL: z
    .enum(LOG_LEVELS)
    .default('info')
    .describe(`Least severe log line that is written: ${LOG_LEVELS.join(', ')}.`),
});
