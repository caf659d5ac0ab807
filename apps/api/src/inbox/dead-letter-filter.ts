// Which dead letters a request is about, as a condition of SQL.
import type { DeadLetterFilter, HomeId } from '@hearth/contracts';

/** Letters of one home; with `ids`, only these of them. */
export interface LetterSelection {
  readonly homeId: HomeId;
  readonly filter: DeadLetterFilter;
  readonly ids?: readonly string[];
}

/** A `where` and its parameters; more parameters follow after them. */
export interface LetterCondition {
  readonly where: string;
  readonly values: readonly unknown[];
}

/** Bytes at the beginning of a payload that a search looks at: nobody waits for more. */
const SEARCHED_BYTES = 16_384;

/**
 * Bytes as text that can be searched whatever they are: in Postgres's escape format ASCII stands for itself. The text
 * that is looked for is written in the same way.
 */
const searchable = (bytes: string): string => `lower(encode(${bytes}, 'escape'))`;

/** The condition for `selection`, of the table `dead_letter` or what is named so. */
export function toCondition({ homeId, filter, ids }: LetterSelection): LetterCondition {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const parts = [`dead_letter.home_id = ${bind(homeId)}::uuid`];
  const { deviceId, principalId, code, text, from, to, upTo } = filter;
  if (ids !== undefined) parts.push(`dead_letter.id = any(${bind([...ids])}::bigint[])`);
  if (deviceId !== undefined) parts.push(`dead_letter.device_id = ${bind(deviceId)}`);
  if (principalId !== undefined) parts.push(`dead_letter.principal_id = ${bind(principalId)}`);
  if (code !== undefined) parts.push(`dead_letter.code = ${bind(code)}`);
  if (from !== undefined) parts.push(`dead_letter.received_at >= ${bind(new Date(from))}`);
  if (to !== undefined) parts.push(`dead_letter.received_at < ${bind(new Date(to))}`);
  if (upTo !== undefined) parts.push(`dead_letter.id <= ${bind(upTo)}::bigint`);
  if (text !== undefined) parts.push(containsText(bind(text)));
  return { where: parts.join(' and '), values };
}

function containsText(text: string): string {
  const found = `position(lower(${text}) in lower(dead_letter.topic)) > 0
    or position(lower(${text}) in lower(dead_letter.detail)) > 0
    or position(${searchable(`convert_to(${text}, 'UTF8')`)}
      in ${searchable(`substring(dead_letter.payload for ${SEARCHED_BYTES})`)}) > 0`;
  return `(${found})`;
}
