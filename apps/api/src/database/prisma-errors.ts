/** True when a write failed because the row is there already (Prisma P2002). */
export function isUniqueViolation(error: unknown): boolean {
  return hasCode(error, 'P2002');
}

/** True when the row to change or remove is not there (Prisma P2025). */
export function isMissingRow(error: unknown): boolean {
  return hasCode(error, 'P2025');
}

/** True when a row that is referred to is not there (Prisma P2003). */
export function isMissingReference(error: unknown): boolean {
  return hasCode(error, 'P2003');
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
