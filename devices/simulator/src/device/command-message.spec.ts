import { readCommand, responseTopicFor, runCommand } from './command-message.js';
import type { Program } from './program.js';

const ID = '3f6f3a52-64b8-4a1e-9a53-0b6f0d9a7c11';
const NOW = 1_900_000_000_000;
const payload = (more: object = {}) =>
  JSON.stringify({ id: ID, args: { target: 21 }, expiresAt: NOW + 1, ...more });

describe(readCommand.name, () => {
  it('reads the name from the topic and the rest from the payload', () => {
    expect(readCommand('hearth/d/command/climate', payload(), NOW)).toEqual({
      what: 'command',
      name: 'climate',
      payload: { id: ID, args: { target: 21 }, expiresAt: NOW + 1 },
    });
  });

  it.each([
    ['past its expiry', 'hearth/d/command/climate', payload({ expiresAt: NOW }), /too late/],
    ['not JSON', 'hearth/d/command/climate', '{', /malformed/],
    ['without an id', 'hearth/d/command/climate', payload({ id: 7 }), /malformed/],
    ['on another topic', 'hearth/d/desired', payload(), /no command/],
  ])('ignores a command that is %s', (_what, topic, text, why) => {
    expect(readCommand(topic, text, NOW)).toEqual({
      what: 'ignored',
      why: expect.stringMatching(why) as string,
    });
  });
});

describe(runCommand.name, () => {
  const message = { id: ID, args: {}, expiresAt: NOW } as Parameters<typeof runCommand>[2];
  const program = (more: Partial<Program>): Program => ({ info: {}, measure: () => ({}), ...more });

  it('answers accepted, then applied', () => {
    const obeys = program({ command: () => ({ status: 'applied' }) });
    expect(runCommand(obeys, 'x', message)).toEqual([
      { id: ID, status: 'accepted' },
      { id: ID, status: 'applied' },
    ]);
  });

  it('answers rejected with the reason, also for a device without commands', () => {
    const refuses = program({ command: () => ({ status: 'rejected', reason: 'no' }) });
    expect(runCommand(refuses, 'x', message)).toEqual([
      { id: ID, status: 'rejected', reason: 'no' },
    ]);
    expect(runCommand(program({}), 'x', message)).toEqual([
      { id: ID, status: 'rejected', reason: 'this device takes no commands' },
    ]);
  });
});

describe(responseTopicFor.name, () => {
  it.each([
    [undefined, 'hearth/d/response'],
    ['hearth/d/answers/1', 'hearth/d/answers/1'],
    ['hearth/e/response', 'hearth/d/response'],
    ['hearth/d/#', 'hearth/d/response'],
  ])('for %s is %s', (asked, expected) => {
    expect(responseTopicFor('d', asked)).toBe(expected);
  });
});
