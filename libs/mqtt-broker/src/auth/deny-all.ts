import { ReasonCode } from '../codec/reason-codes.js';
import type { Authenticator } from './authenticator.js';

/** Refuses everybody with 0x87. The default: a broker that nobody configured is closed. */
export function denyAll(): Authenticator {
  return { authenticate: () => ({ refused: true, reasonCode: ReasonCode.notAuthorized }) };
}
