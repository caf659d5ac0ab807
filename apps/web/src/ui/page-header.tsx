import type { ReactNode } from 'react';
import Link from 'next/link';
import { ChevronRight } from 'lucide-react';

interface PageHeaderProps {
  readonly title: ReactNode;
  /** One line under the title. */
  readonly lead?: ReactNode;
  /** The page's one primary action. */
  readonly action?: ReactNode;
  /** Where this page hangs, for pages with depth. */
  readonly parent?: { readonly href: string; readonly label: string };
}

export function PageHeader({ title, lead, action, parent }: PageHeaderProps) {
  return (
    <header className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        {parent !== undefined && (
          <nav
            aria-label="Breadcrumb"
            className="mb-1 -ml-0.5 flex items-center text-sm text-ink-2"
          >
            <Link href={parent.href} className="rounded px-0.5 hover:text-ink-0 hover:underline">
              {parent.label}
            </Link>
            <ChevronRight aria-hidden className="size-4" />
          </nav>
        )}
        <h1 className="text-2xl font-semibold tracking-tight text-balance break-words">{title}</h1>
        {lead !== undefined && <div className="mt-1 text-ink-1">{lead}</div>}
      </div>
      {action}
    </header>
  );
}
