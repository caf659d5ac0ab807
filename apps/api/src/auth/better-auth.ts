// better-auth, narrowed to what Hearth uses: email and password, sessions in Postgres. Its router, and with
// it its sign-up, its rate limiter and its origin check, is not mounted: our routes and guard do that.
import { PASSWORD_MIN_LENGTH } from '@hearth/contracts';
import { betterAuth, type BetterAuthOptions } from 'better-auth/minimal';
import type { Logger } from 'pino';
import { BoundedQueue } from '../broker/bounded-queue.js';
import { hashSecret, verifySecret } from '../common/secret-hash.js';
import { readOrCreateSecret } from '../config/data-dir.js';
import type { Env } from '../config/env.js';
import type { AuthStore } from '../database/auth-store.js';

const DAY_SECONDS = 86_400;
const MAX_PASSWORD_LENGTH = 128;

/** Argon2 runs at a time, and those that may wait: a storm of sign-ins must not fill the thread pool. */
const MAX_RUNNING_CHECKS = 2;
const MAX_WAITING_CHECKS = 50;

/** Name of the file below the data folder with the key that signs session cookies. */
const AUTH_SECRET_FILE = 'auth-secret';

/** Injection token of better-auth. */
export const AUTH = Symbol('Auth');

export type Auth = ReturnType<typeof betterAuth<ReturnType<typeof authOptions>>>;

/** Its calls reject with `QueueFull` when too many passwords wait to be checked. */
export async function createAuth(env: Env, store: AuthStore, logger: Logger): Promise<Auth> {
  const secret = await readOrCreateSecret(env.dataDir, AUTH_SECRET_FILE);
  return betterAuth(authOptions(env, store, logger, secret));
}

function authOptions(env: Env, store: AuthStore, logger: Logger, secret: string) {
  const checks = new BoundedQueue(MAX_RUNNING_CHECKS, MAX_WAITING_CHECKS);
  return {
    appName: 'Hearth',
    baseURL: env.publicUrl,
    basePath: '/api/auth',
    secret,
    database: store,
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_MIN_LENGTH,
      maxPasswordLength: MAX_PASSWORD_LENGTH,
      password: {
        hash: (password: string) => checks.run(() => hashSecret(password)),
        verify: ({ hash, password }: { hash: string; password: string }) =>
          checks.run(() => verifySecret(hash, password)),
      },
    },
    session: { expiresIn: 30 * DAY_SECONDS, updateAge: DAY_SECONDS },
    advanced: {
      cookiePrefix: 'hearth',
      useSecureCookies: env.publicUrl.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: {
      level: 'warn',
      log: (level, message) => logger.debug({ from: 'better-auth', level }, message),
    },
  } satisfies BetterAuthOptions;
}
