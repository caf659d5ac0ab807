import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx';

/** A surface with a border; the page's unit of grouping. */
export function Card({ className, ...rest }: ComponentProps<'section'>) {
  return (
    <section {...rest} className={cx('rounded-card border border-line bg-surface-1', className)} />
  );
}

interface CardHeaderProps {
  readonly title: string;
  readonly id?: string;
  readonly hint?: ReactNode;
  readonly action?: ReactNode;
}

export function CardHeader({ title, id, hint, action }: CardHeaderProps) {
  return (
    <div className="flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-1 px-5 pt-3.5 pb-1">
      <div className="min-w-0">
        <h2 id={id} className="text-base font-semibold">
          {title}
        </h2>
        {hint !== undefined && <p className="text-sm text-ink-2">{hint}</p>}
      </div>
      {action}
    </div>
  );
}
