import { BadEnvironment, parseEnv } from './env.js';

const DATABASE_URL = 'postgres://hearth@localhost/hearth';

describe('parseEnv', () => {
  it('has a default for everything but the database', () => {
    const env = parseEnv({ DATABASE_URL, HEARTH_DATA_DIR: '/srv/hearth' });
    expect(env).toEqual({
      dataDir: '/srv/hearth',
      databaseUrl: DATABASE_URL,
      publicUrl: 'http://localhost:3000',
      apiPort: 3001,
      apiHost: '127.0.0.1',
      trustedProxies: ['loopback'],
      mqttPort: 1883,
      mqttHost: '0.0.0.0',
      metricsOpen: false,
      simulatorMain: undefined,
      logLevel: 'info',
    });
  });

  it('names every bad variable', () => {
    const parse = () =>
      parseEnv({ HEARTH_PORT: '70000', HEARTH_MQTT_PORT: '1883x', HEARTH_LOG_LEVEL: 'loud' });
    expect(parse).toThrow(BadEnvironment);
    for (const name of ['HEARTH_PORT', 'HEARTH_MQTT_PORT', 'HEARTH_LOG_LEVEL', 'DATABASE_URL']) {
      expect(parse).toThrow(name);
    }
  });

  it('takes an empty variable for one that is not set', () => {
    expect(parseEnv({ DATABASE_URL, HEARTH_MQTT_PORT: '' }).mqttPort).toBe(1883);
    expect(() => parseEnv({ DATABASE_URL: '' })).toThrow('DATABASE_URL: is not set');
  });

  it('does not repeat a password that stands in a bad address', () => {
    const parse = () => parseEnv({ DATABASE_URL: 'mysql://root:hunter2@db/hearth' });
    expect(parse).toThrow('DATABASE_URL');
    expect(parse).not.toThrow('hunter2');
  });

  it.each([
    ['loopback', ['loopback']],
    ['loopback, 172.16.0.0/12,fd00::/8', ['loopback', '172.16.0.0/12', 'fd00::/8']],
  ])('takes the proxies %j', (text, proxies) => {
    const env = parseEnv({ DATABASE_URL, HEARTH_TRUSTED_PROXIES: text });
    expect(env.trustedProxies).toEqual(proxies);
  });

  it.each(['everybody', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0', 'loopback,,'])(
    'refuses the proxies %j',
    (text) => {
      const parse = () => parseEnv({ DATABASE_URL, HEARTH_TRUSTED_PROXIES: text });
      expect(parse).toThrow('HEARTH_TRUSTED_PROXIES');
    },
  );

  it('links to the port of the dashboard, or to the public address', () => {
    expect(parseEnv({ DATABASE_URL, HEARTH_PORT: '8080' }).publicUrl).toBe('http://localhost:8080');
    expect(parseEnv({ DATABASE_URL, HEARTH_PUBLIC_URL: 'https://home.example/' }).publicUrl).toBe(
      'https://home.example',
    );
  });
});
