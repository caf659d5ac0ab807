import { setupFromJson } from './setup-from-json.js';

const open = { listeners: [{ transport: 'tcp', port: 0 }], allowAnonymous: true };
const parse = (json: unknown) => setupFromJson('b.json', JSON.stringify(json), {});

describe(setupFromJson, () => {
  it('reads listeners and limits', () => {
    const { options } = parse({
      listeners: [
        { transport: 'tcp', port: 1883, host: '127.0.0.1' },
        { transport: 'websocket', port: 0, path: '/mqtt' },
        { transport: 'unix', path: '/run/x' },
      ],
      allowAnonymous: true,
      limits: { maxConnections: 7 },
    });
    expect(options.listeners).toEqual([
      { name: 'listener 1', transport: 'tcp', port: 1883, host: '127.0.0.1' },
      { name: 'listener 2', transport: 'websocket', port: 0, path: '/mqtt' },
      { name: 'listener 3', transport: 'unix', path: '/run/x' },
    ]);
    expect(options.limits).toEqual({ maxConnections: 7 });
  });

  it.each<[string, unknown]>([
    ['it must be an object', []],
    ['user: unknown; allowed: listeners, allowAnonymous', { ...open, user: 'x' }],
    ['__proto__: unknown', JSON.parse('{"__proto__":{"allowAnonymous":true},"listeners":[]}')],
    ['listeners: must name at least one listener', { allowAnonymous: true }],
    ['listeners: must be a list', { ...open, listeners: {} }],
    ['listeners[0] must be an object', { ...open, listeners: [1] }],
    ['listeners[0].transport: must be "tcp"', { ...open, listeners: [{ transport: 'udp' }] }],
    ['listeners[0].port: must be 0 to 65535', { ...open, listeners: [{ transport: 'tcp' }] }],
    ['listeners[0].tls: unknown', { ...open, listeners: [{ transport: 'tcp', port: 1, tls: {} }] }],
    ['listeners[0].path: is needed', { ...open, listeners: [{ transport: 'unix' }] }],
    ['allowAnonymous: must be true or false', { ...open, allowAnonymous: 'yes' }],
    ['passwordFile: is needed unless', { ...open, allowAnonymous: false }],
    ['passwordFile: must be a text', { ...open, passwordFile: 7 }],
    ['password_file: ENOENT', { ...open, passwordFile: '/no/such' }],
    ['limits.maxSpeed: unknown', { ...open, limits: { maxSpeed: 1 } }],
    ['limits.maxSessions: must be a whole number', { ...open, limits: { maxSessions: -1 } }],
  ])('stops at: %s', (problem, json) => {
    expect(() => parse(json)).toThrow(problem);
  });

  it('stops at what is no JSON', () => {
    expect(() => setupFromJson('b.json', '{', {})).toThrow(/^b\.json: /);
  });
});
