// An authentication method for tests: the data say in words what is to happen.

import type {
  AuthAnswer,
  AuthContext,
  EnhancedAuthenticator,
  Principal,
} from '@hearth/mqtt-broker';

/** Answers `ask …`, `ok …` and `no …`; what follows the word is data back, and `no` takes the reason code in hex. */
export interface ScriptedAuthenticator extends EnhancedAuthenticator {
  /** Who began an exchange. */
  readonly begun: AuthContext[];
  /** What clients said, in order. */
  readonly heard: (string | undefined)[];
  /** Whom the next success makes the client. */
  principal: Principal;
}

export const everything: Principal = {
  id: 'alice',
  canPublish: () => true,
  canSubscribe: () => true,
};

/** With `hold`, each answer waits for it. */
export function scripted(method = 'TEST', hold?: () => Promise<void>): ScriptedAuthenticator {
  const self: ScriptedAuthenticator = {
    method,
    begun: [],
    heard: [],
    principal: everything,
    begin(context) {
      self.begun.push(context);
      return {
        next: (data) => {
          const said = data?.toString();
          self.heard.push(said);
          if (hold === undefined) return answer(said ?? 'ask');
          return hold().then(() => answer(said ?? 'ask'));
        },
      };
    },
  };
  const answer = (said: string): AuthAnswer => {
    const [word = '', ...rest] = said.split(' ');
    const text = rest.join(' ');
    const data = text === '' ? {} : { data: Buffer.from(text) };
    if (word === 'ask') return { kind: 'continue', ...data };
    if (word === 'ok') return { kind: 'success', principal: self.principal, ...data };
    if (word === 'no') {
      return { refused: true, reasonCode: Number.parseInt(text, 16), reason: 'as you wished' };
    }
    throw new Error('database away');
  };
  return self;
}
