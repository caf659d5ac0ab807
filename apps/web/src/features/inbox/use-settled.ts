'use client';

import { useEffect, useState } from 'react';

/** How long somebody who types may pause, in milliseconds. */
const PAUSE_MS = 300;

/** The value once it has not changed for a moment: what is typed is not asked for letter by letter. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
