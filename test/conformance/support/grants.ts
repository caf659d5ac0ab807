// Users with a password and topic filters, as an authenticator.

import type { Authenticator, Principal, Refusal } from '@hearth/mqtt-broker';

export interface Grant {
  password: string;
  /** Filters of the topics that may be published; `publish.splice(0)` revokes. */
  publish?: string[];
  /** Filters within which may be subscribed, compared as text. */
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
    canSubscribe: (filter) => (grant.subscribe ?? []).includes(filter),
    ...(receive === undefined
      ? {}
      : { canReceive: (topic: string) => receive.some((filter) => isMatch(filter, topic)) }),
  };
}

/** Section 4.7 as a regular expression. Enough for grants: no $-topics. */
function isMatch(filter: string, topic: string): boolean {
  const levels = filter.split('/').map((level) => {
    if (level === '+') return '[^/]*';
    return level.replaceAll(/[^\w]/g, String.raw`\$&`);
  });
  const text =
    levels.at(-1) === String.raw`\#` ? `${levels.slice(0, -1).join('/')}(/.*)?` : levels.join('/');
  return new RegExp(`^${text}$`).test(topic);
}
