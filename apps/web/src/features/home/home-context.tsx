'use client';

import type { Me } from '@hearth/contracts';
import { createContext, use, useMemo, type ReactNode } from 'react';
import { createFormat, type Format } from '../../format/format';

interface HomeContext {
  readonly me: Me;
  readonly format: Format;
}

const Context = createContext<HomeContext | undefined>(undefined);

export function HomeProvider({ me, children }: { me: Me; children: ReactNode }) {
  const { timeZone, units } = me.home;
  const format = useMemo(() => createFormat({ timeZone, units }), [timeZone, units]);
  const value = useMemo(() => ({ me, format }), [me, format]);
  return <Context value={value}>{children}</Context>;
}

function useHomeContext(): HomeContext {
  const value = use(Context);
  if (value === undefined) throw new Error('only below HomeProvider');
  return value;
}

/** Words for numbers and times, in the home's units and zone. */
export function useFormat(): Format {
  return useHomeContext().format;
}

export function useSignedInAs(): Me {
  return useHomeContext().me;
}

/** What this person may do: viewers look, members act, owners also change who and what belongs to the home. */
export function useMay(): { act: boolean; own: boolean } {
  const { role } = useHomeContext().me;
  return { act: role !== 'viewer', own: role === 'owner' };
}
