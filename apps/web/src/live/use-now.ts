'use client';

import { useSyncExternalStore } from 'react';
import { serverNow } from './server-clock';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const notify of listeners) notify();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The server's time in steps of `stepMs` (rounded down): draws again only when a step passes. One timer for the page. */
export function useNow(stepMs: number): number {
  const read = () => Math.floor(serverNow() / stepMs) * stepMs;
  return useSyncExternalStore(subscribe, read, () => 0);
}
