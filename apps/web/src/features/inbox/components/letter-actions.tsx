'use client';

import { RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { Button } from '../../../ui/button';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { useReplay, useRemoveLetters, type LetterTarget } from '../letter-queries';
import { describeReplay, messages } from '../replay-words';

interface LetterActionsProps {
  readonly target: LetterTarget;
  /** How many messages that are. */
  readonly count: number;
  /** Which, for the questions: `from Porch`. */
  readonly which?: string;
  /** Says so on the buttons: they stand above everything that is listed. */
  readonly all?: boolean;
  readonly canReplay?: boolean;
  /** After something was done. */
  readonly onDone?: () => void;
}

/** Replay and delete, each after a question: neither can be undone. */
export function LetterActions(props: LetterActionsProps) {
  const { target, count, which = '', all = false, canReplay = true, onDone } = props;
  const [asking, setAsking] = useState<'replay' | 'delete'>();
  const replay = useReplay();
  const remove = useRemoveLetters();
  const close = () => setAsking(undefined);
  const named = which === '' ? messages(count) : `${messages(count)} ${which}`;
  const label = (verb: string) =>
    all ? (
      `${verb} all`
    ) : (
      <>
        {verb} <span className="sr-only">{named}</span>
      </>
    );
  return (
    <>
      {canReplay && (
        <Button size="small" onClick={() => setAsking('replay')}>
          <RotateCcw aria-hidden /> {label('Replay')}
        </Button>
      )}
      <Button size="small" variant="dangerQuiet" onClick={() => setAsking('delete')}>
        <Trash2 aria-hidden /> {label('Delete')}
      </Button>
      <ConfirmDialog
        open={asking === 'replay'}
        onOpenChange={close}
        title={`Replay ${named}?`}
        action={replay.left === undefined ? 'Replay' : `${messages(replay.left)} left`}
        harmless
        onConfirm={async () => {
          const { title, rest } = describeReplay(await replay.mutateAsync(target));
          const options = rest === undefined ? {} : { description: rest };
          if (title.startsWith('Nothing')) toast.warning(title, options);
          else toast.success(title, options);
          onDone?.();
        }}
      >
        Hearth reads {count === 1 ? 'it' : 'them'} again, as if {count === 1 ? 'it' : 'they'} had
        just arrived. What is understood now becomes readings, at the time of the first arrival, and
        leaves this list. The rest stays.
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === 'delete'}
        onOpenChange={close}
        title={`Delete ${named}?`}
        action="Delete"
        onConfirm={async () => {
          const removed = await remove.mutateAsync(target);
          toast.success(`${messages(removed)} deleted`);
          onDone?.();
        }}
      >
        What {count === 1 ? 'it says' : 'they say'} is lost: {count === 1 ? 'it' : 'they'} can never
        become readings.
      </ConfirmDialog>
    </>
  );
}
