import { MOST_SUMMED } from '@hearth/history';

/** A value as it counts in a sum, in SQL: Postgres refuses to add up what overflows, and one absurd reading must not stop the rest. */
export function summable(value: string): string {
  return `least(greatest(${value}, -${MOST_SUMMED}::float8), ${MOST_SUMMED}::float8)`;
}
