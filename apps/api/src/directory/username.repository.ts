import type { Database } from '@hearth/db';
import { UsernameTaken } from './errors.js';

type Transaction = Parameters<Parameters<Database['prisma']['$transaction']>[0]>[0];

/** Any fixed number: registrations wait for each other on this advisory lock of Postgres. */
const USERNAME_LOCK = 1_883;

/**
 * Throws `UsernameTaken` when one of the names is a device or an integration. No other can be registered
 * before this transaction ends: two tables cannot share a unique index.
 */
export async function claimUsernames(
  transaction: Transaction,
  usernames: readonly string[],
): Promise<void> {
  await transaction.$executeRaw`select pg_advisory_xact_lock(${USERNAME_LOCK}::bigint)`;
  const device = await transaction.device.findFirst({
    where: { id: { in: [...usernames] } },
    select: { id: true },
  });
  if (device) throw new UsernameTaken(device.id);
  const integration = await transaction.integration.findFirst({
    where: { username: { in: [...usernames] } },
    select: { username: true },
  });
  if (integration) throw new UsernameTaken(integration.username);
}
