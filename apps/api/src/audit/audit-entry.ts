// Who changed what. Written in the transaction of the change, so that neither is there without the other.
import type { HomeId } from '@hearth/contracts';
import { actorName, type Actor } from '../auth/access.js';

/** Values that JSON can hold. */
export type AuditDetail = Readonly<
  Record<string, string | number | boolean | null | readonly string[]>
>;

export interface AuditEntry {
  readonly homeId: HomeId | null;
  readonly actor: string;
  /** Noun and past participle: `device.renamed`. */
  readonly action: string;
  /** Id of what was changed. */
  readonly subject: string;
  /** Never a secret. */
  readonly detail?: AuditDetail;
}

/** What `actor` did to `subject` in the home. */
export function auditOf(
  actor: Actor,
  action: string,
  subject: string,
  detail?: AuditDetail,
): AuditEntry {
  return {
    homeId: actor.homeId ?? null,
    actor: actorName(actor),
    action,
    subject,
    ...(detail && { detail }),
  };
}

/** The entry as a row. */
export function toAuditRow(entry: AuditEntry) {
  return {
    homeId: entry.homeId,
    actor: entry.actor,
    action: entry.action,
    subject: entry.subject,
    ...(entry.detail && { detail: { ...entry.detail } }),
  };
}
