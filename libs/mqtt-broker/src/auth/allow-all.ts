import type { Authenticator } from './authenticator.js';
import type { Principal } from './principal.js';

const anyone: Principal = {
  id: 'anonymous',
  canPublish: () => true,
  canSubscribe: () => true,
};

/** Lets everybody in and everything through, `$SYS/…` to read included, as one principal `anonymous`. For tests and `--allow-anonymous`. */
export function allowAll(): Authenticator {
  return { authenticate: () => anyone, recall: () => anyone };
}
