// Users with a password and topic filters, as an authenticator.

import type { Authenticator, Principal, Refusal } from '@hearth/mqtt-broker';

interface Grant {
  password: string;
  /** Filters of the topics that may be published; `publish.splice(0)` revokes. */
  publish?: string[];
  /** Filters that may be subscribed, compared as text; # means all. */
  subscribe?: string[];
  /** When given: filters of the topics that may be received. */
  receive?: string[];
}

/** By user name. */
export type Grants = Record<string, Grant>;

const refusal: Refusal = { refused: true, reasonCode: 0x86 };

export function authenticatorFor(grants: Grants): Authenticator {
  const byName = new Map(Object.entries(grants));
  return {
    authenticate({ username, password }): Principal | Refusal {
      const grant = username === undefined ? undefined : byName.get(username);
      if (username === undefined || grant === undefined) return refusal;
      return grant.password === password?.toString() ? principalFor(username, grant) : refusal;
    },
  };
}

function principalFor(id: string, grant: Grant): Principal {
  const { receive } = grant;
  return {
    id,
    canPublish: (topic) => (grant.publish ?? []).some((filter) => isMatch(filter, topic)),
    canSubscribe: (filter) => (grant.subscribe ?? []).some((own) => own === '#' || own === filter),
    ...(receive === undefined
      ? {}
      : { canReceive: (topic: string) => receive.some((filter) => isMatch(filter, topic)) }),
  };
}

/** Section 4.7, without the rule for $-topics. */
function isMatch(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  if (wanted.at(-1) === '#') {
    const fixed = wanted.slice(0, -1);
    return levels.length >= fixed.length && fixed.every((level, i) => fits(level, levels[i]));
  }
  return levels.length === wanted.length && wanted.every((level, i) => fits(level, levels[i]));
}

function fits(wanted: string, level: string | undefined): boolean {
  return wanted === '+' || wanted === level;
}
