'use client';

import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx';

interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly {
    readonly value: T;
    readonly label: ReactNode;
    readonly title?: string;
  }[];
  readonly onChange: (value: T) => void;
  readonly className?: string;
}

/** One of few, all in sight. */
export function Segmented<T extends string>({
  label,
  value,
  options,
  onChange,
  className,
}: SegmentedProps<T>) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const chosen = options.find((option) => option.value === next);
        if (chosen !== undefined) onChange(chosen.value);
      }}
      className={cx(
        'inline-flex max-w-full gap-0.5 overflow-x-auto rounded-control bg-surface-2 p-0.5',
        className,
      )}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          title={option.title}
          className="flex h-8 min-w-8 shrink-0 grow items-center justify-center gap-1.5 rounded-md px-2.5 text-sm whitespace-nowrap text-ink-1 transition-colors duration-150 hover:text-ink-0 data-[state=on]:bg-surface-1 data-[state=on]:font-medium data-[state=on]:text-ink-0 data-[state=on]:ring-1 data-[state=on]:ring-line dark:data-[state=on]:bg-surface-3"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
