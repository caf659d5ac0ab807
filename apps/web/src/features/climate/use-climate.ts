'use client';

import {
  DEFAULT_CLIMATE_CAPABILITIES,
  type ClimateCapabilities,
  type ClimateChange,
  type ClimateMode,
  type ClimateState,
  type Device,
} from '@hearth/contracts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useNow } from '../../live/use-now';
import { useCommands } from '../commands/queries';
import { useFormat, useMay } from '../home/home-context';
import {
  changeInFlight,
  changeTarget,
  snapTarget,
  stepTarget,
  targetsOf,
  withChange,
  type ChangeInFlight,
  type TargetField,
} from './model';
import { useChangeClimate } from './queries';

/** Presses within this time become one command, in milliseconds. */
const GATHER_MS = 800;
const NOW_STEP_MS = 5_000;

interface Climate {
  /** What the device reported; null before it has. */
  readonly reported: ClimateState | null;
  /** What the page shows: reported, with what is under way and what is being set on top. */
  readonly shown: ClimateState | null;
  readonly capabilities: ClimateCapabilities;
  /** True from the first press until the device confirms. */
  readonly pending: boolean;
  readonly inFlight: ChangeInFlight;
  readonly mayChange: boolean;
  readonly step: (field: TargetField, direction: 1 | -1) => void;
  /** A dial under the finger: shown at once, sent when `settle` is called or the finger rests. */
  readonly setTarget: (field: TargetField, celsius: number) => void;
  readonly setMode: (mode: ClimateMode) => void;
  readonly retry: () => void;
}

/** One thermostat and the change that is on its way to it. */
export function useClimate(device: Device): Climate {
  const format = useFormat();
  const now = useNow(NOW_STEP_MS);
  const commands = useCommands(device.id);
  const change = useChangeClimate(device.id);
  const { draft, edit } = useDraft(change.mutateAsync);
  const inFlight = changeInFlight(commands.data ?? [], now);
  const capabilities = device.climate?.capabilities ?? DEFAULT_CLIMATE_CAPABILITIES;
  const reported = device.climate?.state ?? null;
  const underWay = inFlight.phase === 'pending' ? inFlight.change : undefined;
  const shown = reported && withChange(withChange(reported, underWay), draft);
  const setTarget = (field: TargetField, celsius: number) => {
    if (shown !== null)
      edit(changeTarget(shown, field, snapTarget(celsius, capabilities, format), capabilities));
  };
  return {
    reported,
    shown,
    capabilities,
    pending: draft !== undefined || change.isPending || inFlight.phase === 'pending',
    inFlight: draft === undefined ? inFlight : { phase: 'none' },
    mayChange: useMay().act,
    step: (field, direction) => {
      if (shown === null) return;
      const from = valueOf(shown, field);
      if (from === undefined) return;
      const next = stepTarget(from, direction, capabilities, format);
      edit(changeTarget(shown, field, next, capabilities));
    },
    setTarget,
    setMode: (mode) => edit({ mode }),
    retry: () => {
      if (inFlight.phase === 'failed') edit(inFlight.change);
    },
  };
}

function valueOf(state: ClimateState, field: TargetField): number | undefined {
  const targets = targetsOf(state);
  if (targets.kind === 'single') return targets.target;
  if (targets.kind === 'none') return undefined;
  return field === 'target_high' ? targets.high : targets.low;
}

/** Gathers presses into one change and sends it when they pause. */
function useDraft(send: (change: ClimateChange) => Promise<unknown>) {
  const [draft, setDraft] = useState<ClimateChange>();
  const latest = useRef<ClimateChange>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const edit = useCallback(
    (change: ClimateChange) => {
      latest.current = { ...latest.current, ...change };
      setDraft(latest.current);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        const wanted = latest.current;
        if (wanted === undefined) return;
        const sent = wanted;
        const forget = () => {
          // Presses that came while it was on its way are the next change.
          if (latest.current !== sent) return;
          latest.current = undefined;
          setDraft(undefined);
        };
        // A refusal has been told by the mutation; the page goes back to what is true.
        send(sent).then(forget, forget);
      }, GATHER_MS);
    },
    [send],
  );
  return { draft, edit };
}
