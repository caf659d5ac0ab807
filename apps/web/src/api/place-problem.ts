import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';
import { ApiProblem, describeError } from './api-problem';

/**
 * Puts what the server refused onto the fields that it named; the rest stands above the form as
 * `root.server`.
 */
export function placeProblem<T extends FieldValues>(
  form: Pick<UseFormReturn<T>, 'setError' | 'getValues'>,
  error: unknown,
): void {
  const fields = error instanceof ApiProblem ? error.fields : [];
  const elsewhere: string[] = [];
  for (const { field, message } of fields) {
    if (holds(form.getValues(), field)) form.setError(field as Path<T>, { message });
    else elsewhere.push(field === '' ? message : `${field} ${message}`);
  }
  if (fields.length === 0) elsewhere.push(describeError(error));
  if (elsewhere.length > 0) form.setError('root.server', { message: elsewhere.join(' ') });
}

/** True when a dotted path leads to something in the form. */
function holds(values: unknown, path: string): boolean {
  let here = values;
  for (const part of path.split('.')) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return false;
    here = (here as Record<string, unknown>)[part];
  }
  return true;
}
