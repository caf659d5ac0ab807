'use client';

import { DropdownMenu } from 'radix-ui';
import type { ReactElement } from 'react';

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  /** What choosing from it does, above the choices. */
  readonly title?: string;
  readonly items: readonly { readonly label: string; readonly onChoose: () => void }[];
}

/** A button with a few ways to do one thing. */
export function Menu({ trigger, title, items }: MenuProps) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          className="fade-in z-50 min-w-48 rounded-card border border-line bg-surface-1 p-1.5 shadow-pop"
        >
          {title !== undefined && (
            <DropdownMenu.Label className="px-3 pt-1.5 pb-1 text-sm text-ink-2">
              {title}
            </DropdownMenu.Label>
          )}
          {items.map(({ label, onChoose }) => (
            <DropdownMenu.Item
              key={label}
              onSelect={onChoose}
              className="flex h-9 cursor-pointer items-center rounded-control px-3 outline-none select-none data-[highlighted]:bg-surface-2"
            >
              {label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
