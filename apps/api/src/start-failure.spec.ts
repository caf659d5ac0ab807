import { BadEnvironment, parseEnv } from './config/env.js';
import { explainStartFailure } from './start-failure.js';

const env = parseEnv({ DATABASE_URL: 'postgres://hearth@db:5432/hearth' });
const listenError = (code: string, port: number) =>
  Object.assign(new Error(`listen ${code}`), { code, port });

describe('explainStartFailure', () => {
  it.each([
    [1883, 'HEARTH_MQTT_PORT'],
    [3001, 'HEARTH_API_PORT'],
  ])('names port %d and the variable %s when it is taken', (port, variable) => {
    const text = explainStartFailure(listenError('EADDRINUSE', port), env);
    expect(text).toContain(`Port ${port} is in use`);
    expect(text).toContain(variable);
  });

  it('says that a port needs rights', () => {
    expect(explainStartFailure(listenError('EACCES', 3001), env)).toContain('may not be used');
  });

  it('passes on what is wrong with the environment', () => {
    const error = new BadEnvironment([], {});
    expect(explainStartFailure(error, undefined)).toBe(error.message);
  });

  it('does not pretend to understand anything else', () => {
    expect(explainStartFailure(new Error('x'), env)).toBeUndefined();
  });
});
