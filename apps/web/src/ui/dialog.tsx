'use client';

import { Dialog as Radix } from 'radix-ui';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button';

interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** False while leaving would lose something: neither Escape nor a click beside closes it. */
  readonly dismissible?: boolean;
}

export function Dialog(props: DialogProps) {
  const { open, onOpenChange, title, description, children, dismissible = true } = props;
  const keepOpen = (event: Event) => {
    if (!dismissible) event.preventDefault();
  };
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fade-in fixed inset-0 z-40 bg-(--scrim)" />
        <Radix.Content
          onEscapeKeyDown={keepOpen}
          onPointerDownOutside={keepOpen}
          onInteractOutside={keepOpen}
          className="enter fixed inset-x-4 top-[max(1rem,12dvh)] z-50 mx-auto max-h-[80dvh] max-w-lg overflow-y-auto rounded-card border border-line bg-surface-1 p-6 shadow-pop"
        >
          <Radix.Title className="pr-10 text-lg font-semibold">{title}</Radix.Title>
          {description === undefined ? (
            <Radix.Description className="sr-only">{title}</Radix.Description>
          ) : (
            <Radix.Description asChild>
              <div className="mt-2 text-ink-1">{description}</div>
            </Radix.Description>
          )}
          {children}
          {dismissible && (
            <Radix.Close asChild>
              <Button
                variant="ghost"
                size="iconSmall"
                aria-label="Close"
                className="absolute top-4 right-4"
              >
                <X aria-hidden />
              </Button>
            </Radix.Close>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
