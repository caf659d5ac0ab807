// Ready-made text with a device's credentials in it. Every value is escaped for the language that it goes
// into: names, secrets and host names are data there, never code. Pure.
import { buildTopic, DEVICE_KIND_DEFINITIONS, type DeviceKind } from '@hearth/contracts';

export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly secret: string;
}

/** A word of a POSIX shell. */
export function shellWord(text: string): string {
  if (/^[A-Za-z0-9_./:=@%+,-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A string literal of C: escapes what could end it, begin a trigraph or leave the line. */
export function cString(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const escaped = [...bytes].map((byte) => {
    const character = String.fromCharCode(byte);
    if (character === '"' || character === '\\' || character === '?') return `\\${character}`;
    // Octal escapes are at most three digits; a hexadecimal one would swallow the letters after it.
    if (byte < 0x20 || byte > 0x7e) return `\\${byte.toString(8).padStart(3, '0')}`;
    return character;
  });
  return `"${escaped.join('')}"`;
}

/** A value of an `.env` file. */
function envValue(text: string): string {
  return `"${text.replaceAll(/["\\$`]/g, (character) => `\\${character}`).replaceAll('\n', '\\n')}"`;
}

const SAMPLES: Readonly<Record<string, number | boolean>> = {
  temperature: 21.4,
  humidity: 45,
  co2: 620,
  power: 230,
  energy: 12.5,
  voltage: 231,
  contact: false,
  motion: true,
  leak: false,
  battery: 97,
};

/** A first message that a device of this kind could send. */
export function samplePayload(kind: DeviceKind): string {
  const metrics = DEVICE_KIND_DEFINITIONS[kind].metrics.filter((metric) => metric in SAMPLES);
  const chosen = metrics.length === 0 ? ['temperature'] : metrics.slice(0, 2);
  return JSON.stringify(Object.fromEntries(chosen.map((metric) => [metric, SAMPLES[metric]])));
}

/** The line that sends a first reading from any terminal. */
export function mosquittoLine(connection: Connection, kind: DeviceKind): string {
  const { host, port, username, secret } = connection;
  const lines = [
    `mosquitto_pub -h ${shellWord(host)} -p ${port}`,
    `-u ${shellWord(username)} -P ${shellWord(secret)} -i ${shellWord(username)}`,
    `-q 1 -t ${shellWord(buildTopic('telemetry', username))}`,
    `-m ${shellWord(samplePayload(kind))}`,
  ];
  return lines.join(' \\\n  ');
}

/** `include/config.h` of the ESP32 program. */
export function esp32Config(connection: Connection, kind: DeviceKind): string {
  const define = (name: string, value: string) => `#define HEARTH_${name} ${value}`;
  return [
    '#pragma once',
    '',
    define('DEVICE_ID', cString(connection.username)),
    define('SECRET', cString(connection.secret)),
    '',
    define('WIFI_SSID', cString('your network')),
    define('WIFI_PASSWORD', cString('its password')),
    '',
    define('BROKER_HOST', cString(connection.host)),
    define('BROKER_PORT', String(connection.port)),
    define('NTP_SERVER', cString('pool.ntp.org')),
    define('INTERVAL_SECONDS', '10'),
    '',
    define('THERMOSTAT', kind === 'thermostat' ? '1' : '0'),
    define('PIN_HEAT', '25'),
    define('PIN_COOL', '26'),
    define('PIN_LAMP', '2'),
    define('PIN_SDA', '21'),
    define('PIN_SCL', '22'),
  ].join('\n');
}

/** What the Pico program calls the sensor of a kind. */
const PICO_SENSORS: Partial<Readonly<Record<DeviceKind, string>>> = {
  contact: 'contact',
  motion: 'motion',
  leak: 'leak',
};

/** `config.json` of the Pico W program. */
export function picoConfig(connection: Connection, kind: DeviceKind): string {
  return JSON.stringify(
    {
      device_id: connection.username,
      secret: connection.secret,
      wifi: { ssid: 'your network', password: 'its password', country: 'DE' },
      broker: { host: connection.host, port: connection.port, ca_file: null, server_name: null },
      ntp: { host: 'pool.ntp.org', port: 123 },
      sensor: { kind: PICO_SENSORS[kind] ?? 'climate', pin: 15 },
      interval_seconds: 60,
      sleeps: false,
    },
    undefined,
    2,
  );
}

/** The credentials to keep: variables of an `.env` file. */
export function credentialsFile({ host, port, username, secret }: Connection): string {
  return [
    `HEARTH_MQTT_HOST=${envValue(host)}`,
    `HEARTH_MQTT_PORT=${port}`,
    `HEARTH_MQTT_USERNAME=${envValue(username)}`,
    `HEARTH_MQTT_SECRET=${envValue(secret)}`,
    '',
  ].join('\n');
}
