'use client';

import { healthSchema, LIVE_PATH } from '@hearth/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, type ReactNode } from 'react';
import { queryKeys } from '../api/query-keys';
import { get } from '../api/request';
import { LiveCache } from './live-cache';
import { LiveConnection, type LiveSocketListener, type LiveState } from './live-connection';

const Context = createContext<LiveState>('connecting');

/** State of the connection to the server. */
export function useLiveState(): LiveState {
  return use(Context);
}

/** Holds the tab's one live connection while somebody is signed in. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => {
    const cache = new LiveCache(queries);
    const connection = new LiveConnection({
      openSocket: openLiveSocket,
      after: (ms, callback) => {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
      random: Math.random,
      probe: isServerThere,
      onMessage: (message) => cache.take(message),
      onState: setState,
      // A refused upgrade does not say why; asking who we are does (401 leads to the sign-in page).
      onRefused: () => void queries.invalidateQueries({ queryKey: queryKeys.me }),
    });
    const hurry = () => connection.hurry();
    window.addEventListener('online', hurry);
    document.addEventListener('visibilitychange', hurry);
    connection.start();
    return () => {
      window.removeEventListener('online', hurry);
      document.removeEventListener('visibilitychange', hurry);
      connection.stop();
    };
  }, [queries]);
  return <Context value={state}>{children}</Context>;
}

/** How long the server may take to say that it is there, in milliseconds. */
const PROBE_TIMEOUT_MS = 5_000;

function isServerThere(): Promise<boolean> {
  const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  return get('/api/health', healthSchema, { signal }).then(
    () => true,
    () => false,
  );
}

function openLiveSocket(listener: LiveSocketListener): () => void {
  const url = new URL(LIVE_PATH, window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  socket.addEventListener('message', (event) => listener.message(event.data));
  socket.addEventListener('close', listener.closed);
  return () => socket.close();
}
