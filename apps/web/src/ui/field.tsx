import { useId, type ComponentProps, type ReactNode } from 'react';
import { ChevronDown } from 'lucide-react';
import { cx } from './cx';

const CONTROL =
  'h-10 w-full rounded-control border border-line-strong bg-surface-1 px-3 text-base text-ink-0 placeholder:text-ink-2 transition-colors duration-150 hover:border-ink-2 aria-invalid:border-bad disabled:opacity-50';

interface Frame {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
}

interface FieldIds {
  readonly id: string;
  readonly describedBy: string | undefined;
}

function useFieldIds({ hint, error }: Frame): FieldIds & { hintId: string; errorId: string } {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const parts = [hint !== undefined && hintId, error !== undefined && errorId].filter(Boolean);
  return { id, hintId, errorId, describedBy: parts.length > 0 ? parts.join(' ') : undefined };
}

function FieldFrame(
  props: Frame & { id: string; hintId: string; errorId: string; children: ReactNode },
) {
  const { label, hint, error, id, hintId, errorId, children } = props;
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1.5 block text-sm font-medium text-ink-0">
        {label}
      </label>
      {children}
      {hint !== undefined && (
        <p id={hintId} className="mt-1.5 text-sm text-ink-2">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={errorId} role="alert" className="mt-1.5 text-sm text-bad">
          {asSentence(error)}
        </p>
      )}
    </div>
  );
}

/** Schemas say `must not be empty`; under a field it stands alone. */
function asSentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}

/** A labelled text input with its hint and its error. */
export function TextField({
  label,
  hint,
  error,
  className,
  ...input
}: Frame & ComponentProps<'input'>) {
  const ids = useFieldIds({ label, hint, error });
  return (
    <FieldFrame label={label} hint={hint} error={error} {...ids}>
      <input
        {...input}
        id={ids.id}
        aria-invalid={error !== undefined}
        aria-describedby={ids.describedBy}
        className={cx(CONTROL, className)}
      />
    </FieldFrame>
  );
}

/** A labelled text area with its hint and its error. */
export function TextAreaField({
  label,
  hint,
  error,
  className,
  ...input
}: Frame & ComponentProps<'textarea'>) {
  const ids = useFieldIds({ label, hint, error });
  return (
    <FieldFrame label={label} hint={hint} error={error} {...ids}>
      <textarea
        {...input}
        id={ids.id}
        aria-invalid={error !== undefined}
        aria-describedby={ids.describedBy}
        className={cx(CONTROL, 'h-auto min-h-20 py-2', className)}
      />
    </FieldFrame>
  );
}

/** A labelled choice. The platform's own list, which phones do best. */
export function SelectField({
  label,
  hint,
  error,
  className,
  children,
  ...select
}: Frame & ComponentProps<'select'>) {
  const ids = useFieldIds({ label, hint, error });
  return (
    <FieldFrame label={label} hint={hint} error={error} {...ids}>
      <span className="relative block">
        <select
          {...select}
          id={ids.id}
          aria-invalid={error !== undefined}
          aria-describedby={ids.describedBy}
          className={cx(CONTROL, 'appearance-none truncate pr-9', className)}
        >
          {children}
        </select>
        <ChevronDown
          aria-hidden
          className="pointer-events-none absolute top-3 right-3 size-4 text-ink-2"
        />
      </span>
    </FieldFrame>
  );
}
