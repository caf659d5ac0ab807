'use client';

import { ChevronsUpDown, LogOut } from 'lucide-react';
import { Popover } from 'radix-ui';
import { Button } from '../../../ui/button';
import { useSignOut } from '../../auth/queries';
import { useMe } from '../../home/queries';
import { ThemeChoice } from './theme-choice';

/** Who is signed in, the appearance, and the way out. */
export function PersonMenu() {
  const me = useMe();
  const signOut = useSignOut();
  if (me.data === undefined) return null;
  const { user, home } = me.data;
  return (
    <Popover.Root>
      <Popover.Trigger className="flex w-full items-center gap-3 rounded-control px-3 py-2 text-left transition-colors duration-150 hover:bg-surface-2 data-[state=open]:bg-surface-2">
        <span
          aria-hidden
          className="grid size-8 shrink-0 place-items-center rounded-full bg-surface-3 text-sm font-semibold text-ink-1"
        >
          {user.name.slice(0, 1).toUpperCase()}
        </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate text-sm font-medium">{user.name}</span>
          <span className="block truncate text-xs text-ink-2">{home.name}</span>
        </span>
        <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-ink-2" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          align="start"
          sideOffset={8}
          className="fade-in z-50 w-64 rounded-card border border-line bg-surface-1 p-4 shadow-pop"
        >
          <p className="truncate text-sm text-ink-1">{user.email}</p>
          <p className="mt-4 mb-1.5 text-sm font-medium">Appearance</p>
          <ThemeChoice />
          <Button className="mt-4 w-full" busy={signOut.isPending} onClick={() => signOut.mutate()}>
            <LogOut aria-hidden /> Sign out
          </Button>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
