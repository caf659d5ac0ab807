import type { History } from '@hearth/contracts';
import { Notice } from '../../../ui/notice';

/** Says that a chart lacks some of what came at once, for as long as it does. */
export function IncompleteNotice({ history }: { history: History | undefined }) {
  if (history?.isComplete !== false) return null;
  return (
    <Notice tone="info" className="mx-5 my-3">
      Many readings of this time came at once. Hearth is still adding them up; until then some are
      missing here.
    </Notice>
  );
}
