/** Leaves for the sign-in page, once, with the way back. Pages that need no session stay. */
export function goToLogin(): void {
  const { pathname, search } = window.location;
  if (pathname === '/login' || pathname === '/setup') return;
  const here = pathname + search;
  const back = here === '/' ? '' : `?next=${encodeURIComponent(here)}`;
  window.location.assign(`/login${back}`);
}

/** The page to go to after signing in: a path of this origin, nothing else. */
export function safeNextPath(next: string | null): string {
  if (next === null || !next.startsWith('/')) return '/';
  // `//host` and `/\host` are other origins to a browser.
  const url = new URL(next, 'http://hearth.invalid');
  return url.host === 'hearth.invalid' && !next.startsWith('//') && !next.includes('\\')
    ? url.pathname + url.search
    : '/';
}
