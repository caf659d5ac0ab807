import { isAbsolute } from 'node:path';
import { parseStartEnvironment } from './environment.js';

describe(parseStartEnvironment.name, () => {
  it('has a default for every variable', () => {
    const environment = parseStartEnvironment({});
    expect(environment).toMatchObject({ port: 3000, apiPort: 3001, mqttPort: 1883 });
    expect(environment.databaseUrl).toBeUndefined();
    expect(isAbsolute(environment.dataDir)).toBe(true);
  });

  it('takes an empty variable for an absent one', () => {
    expect(parseStartEnvironment({ HEARTH_PORT: '', DATABASE_URL: '' }).port).toBe(3000);
  });

  it('names every bad variable at once', () => {
    const parse = () =>
      parseStartEnvironment({
        HEARTH_PORT: 'eighty',
        HEARTH_MQTT_PORT: '70000',
        DATABASE_URL: 'x',
      });
    expect(parse).toThrow(/HEARTH_PORT/);
    expect(parse).toThrow(/HEARTH_MQTT_PORT/);
    expect(parse).toThrow(/DATABASE_URL/);
  });

  it('does not print the password of a wrong database address', () => {
    expect(() => parseStartEnvironment({ DATABASE_URL: 'mysql://me:hush@db/x' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hush') }),
    );
  });
});
