import type { ReactNode } from 'react';
import { Logo } from '../../ui/logo';

export default function StartLayout({ children }: { children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-lg flex-col px-5 py-10 sm:justify-center sm:py-16">
      <div className="mb-8 flex items-center gap-2.5">
        <Logo className="size-8" />
        <span className="text-lg font-semibold tracking-tight">Hearth</span>
      </div>
      {children}
    </main>
  );
}
