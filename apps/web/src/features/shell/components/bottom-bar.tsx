'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { cx } from '../../../ui/cx';
import { isAt, PLACES } from '../places';

/** Phones: five places under the thumb. */
export function BottomBar() {
  const pathname = usePathname();
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface-1 pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <ul className="grid grid-cols-5">
        {PLACES.filter((place) => place.onPhone).map((place) => {
          const here = isAt(place, pathname);
          return (
            <li key={place.href}>
              <Link
                href={place.href}
                prefetch
                aria-current={here ? 'page' : undefined}
                className={cx(
                  'flex h-15 flex-col items-center justify-center gap-1 text-xs',
                  here ? 'font-medium text-ink-0' : 'text-ink-2',
                )}
              >
                <span
                  className={cx(
                    'grid h-7 w-12 place-items-center rounded-full transition-colors duration-150',
                    here && 'bg-accent-soft text-accent-ink',
                  )}
                >
                  <place.icon aria-hidden className="size-5" strokeWidth={1.75} />
                </span>
                {place.label}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
