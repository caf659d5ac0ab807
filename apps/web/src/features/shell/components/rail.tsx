'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { cx } from '../../../ui/cx';
import { Logo } from '../../../ui/logo';
import { isAt, PLACES } from '../places';
import { PersonMenu } from './person-menu';

/** Wide screens: the places down the left side. */
export function Rail() {
  const pathname = usePathname();
  return (
    <div className="sticky top-0 hidden h-dvh w-56 shrink-0 flex-col px-3 py-5 md:flex">
      <Link href="/" className="mb-6 flex items-center gap-2.5 rounded-control px-3 py-1">
        <Logo className="size-7" />
        <span className="text-lg font-semibold tracking-tight">Hearth</span>
      </Link>
      <nav aria-label="Main" className="grid gap-0.5">
        {PLACES.map((place) => {
          const here = isAt(place, pathname);
          return (
            <Link
              key={place.href}
              href={place.href}
              prefetch
              aria-current={here ? 'page' : undefined}
              className={cx(
                'flex h-10 items-center gap-3 rounded-control px-3 transition-colors duration-150',
                here
                  ? 'bg-surface-3 font-medium text-ink-0'
                  : 'text-ink-1 hover:bg-surface-2 hover:text-ink-0',
              )}
            >
              <place.icon
                aria-hidden
                className={cx('size-[1.125rem]', here && 'text-accent-ink')}
                strokeWidth={1.75}
              />
              {place.label}
            </Link>
          );
        })}
      </nav>
      <div className="mt-auto">
        <PersonMenu />
      </div>
    </div>
  );
}
