'use client';

import { useId, useState, type ReactNode } from 'react';
import { Button } from './button';
import { Dialog } from './dialog';

interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  /** What will be lost. */
  readonly children: ReactNode;
  readonly action: string;
  /** For what takes nothing away, but cannot be taken back either. */
  readonly harmless?: boolean;
  /** Must be typed before the action can be taken; for what cannot be undone. */
  readonly typeToConfirm?: string;
  readonly onConfirm: () => Promise<unknown>;
}

/** Asks before something that cannot be taken back: names the thing, says what is lost. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const {
    open,
    onOpenChange,
    title,
    children,
    action,
    harmless = false,
    typeToConfirm,
    onConfirm,
  } = props;
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const inputId = useId();
  const ready = typeToConfirm === undefined || typed.trim() === typeToConfirm;

  const close = (next: boolean) => {
    if (busy) return;
    setTyped('');
    onOpenChange(next);
  };
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
      setTyped('');
      onOpenChange(false);
    } catch {
      // The caller's mutation has said what went wrong; the dialog stays for another try.
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog open={open} onOpenChange={close} title={title} description={children}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void confirm();
        }}
      >
        {typeToConfirm !== undefined && (
          <div className="mt-4">
            <label htmlFor={inputId} className="mb-1.5 block text-sm text-ink-1">
              Type <strong className="font-semibold text-ink-0 select-all">{typeToConfirm}</strong>{' '}
              to confirm
            </label>
            <input
              id={inputId}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              autoComplete="off"
              spellCheck={false}
              className="h-10 w-full rounded-control border border-line-strong bg-surface-1 px-3"
            />
          </div>
        )}
        <div className="mt-6 flex flex-wrap justify-end gap-2">
          <Button onClick={() => close(false)} disabled={busy}>
            Cancel
          </Button>
          <Button
            type="submit"
            variant={harmless ? 'primary' : 'danger'}
            busy={busy}
            disabled={!ready}
          >
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
