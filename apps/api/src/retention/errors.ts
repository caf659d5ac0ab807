import type { RetentionField } from '@hearth/contracts';
import { DomainError } from '../common/domain-error.js';

export class CoarserKeptShorter extends DomainError {
  constructor(field: RetentionField, finer: string, finerDays: number | null) {
    const atLeast = finerDays === null ? 'for ever' : `for ${finerDays} days`;
    const message = `must be kept as long as ${finer}, which is kept ${atLeast}`;
    super('invalid', 'coarser-kept-shorter', `${field} ${message}.`, {
      errors: [{ field, message }],
    });
  }
}
