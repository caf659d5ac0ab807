import { zodResolver } from '@hookform/resolvers/zod';
import type { FieldValues, Resolver } from 'react-hook-form';
import type { z } from 'zod';

/** What zod would say in its own words, said to people. Messages of the schemas themselves go first. */
export function formMessage(issue: z.core.$ZodRawIssue): string | undefined {
  const characters = (count: number | bigint) =>
    `${count} ${count === 1 ? 'character' : 'characters'}`;
  if (issue.code === 'too_small' && issue.origin === 'string') {
    if (issue.minimum === 1) return 'must not be empty';
    return `must have at least ${characters(issue.minimum)}`;
  }
  if (issue.code === 'too_big' && issue.origin === 'string') {
    return `must have at most ${characters(issue.maximum)}`;
  }
  if (issue.code === 'too_small' && issue.origin === 'array') return 'needs at least one';
  if (issue.code === 'too_big' && issue.origin === 'array') return `takes at most ${issue.maximum}`;
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`;
  if (issue.code === 'invalid_format' && issue.format === 'email') {
    return 'must be an email address, like name@example.com';
  }
  if (issue.code === 'invalid_type' && issue.expected === 'number') return 'must be a number';
  if (issue.code === 'invalid_type' && issue.expected === 'int') return 'must be a whole number';
  return undefined;
}

/** Validates a form by a schema of the contracts, or one made of their parts. */
export function formResolver<Input extends FieldValues, Output>(
  schema: z.core.$ZodType<Output, Input>,
): Resolver<Input, unknown, Output> {
  return zodResolver(schema, { error: formMessage });
}
