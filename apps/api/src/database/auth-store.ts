import type { Database } from '@hearth/db';
import { prismaAdapter } from 'better-auth/adapters/prisma';

/** Injection token of where better-auth keeps users and sessions. */
export const AUTH_STORE = Symbol('AuthStore');

export type AuthStore = ReturnType<typeof prismaAdapter>;

export function authStore(database: Database): AuthStore {
  return prismaAdapter(database.prisma, { provider: 'postgresql' });
}
