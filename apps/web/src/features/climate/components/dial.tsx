'use client';

import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { cx } from '../../../ui/cx';
import { useFormat } from '../../home/home-context';
import { arcPath, isOnRing, RADIUS, spotOf, valueAt, type Spot } from '../dial-geometry';
import { doingOf, targetsOf, type TargetField } from '../model';
import type { useClimate } from '../use-climate';

const VIEW_SIZE = 200;
/** The mark of the current temperature stands inside the ring, where no handle hides it. */
const CURRENT_INSET = 15;
const NAMES: Readonly<Record<TargetField, string>> = {
  target: 'Target temperature',
  target_low: 'Heat to',
  target_high: 'Cool to',
};

interface DialProps {
  readonly climate: ReturnType<typeof useClimate>;
  readonly deviceName: string;
  /** What stands in the middle. */
  readonly children: ReactNode;
}

interface Handle {
  readonly field: TargetField;
  readonly value: number;
  readonly colour: string;
}

/** The face of a thermostat: targets on the ring, to drag, to click and to step by keys. */
export function Dial({ climate, deviceName, children }: DialProps) {
  const { shown, reported, capabilities, mayChange } = climate;
  const scale = { min: capabilities.minTarget, max: capabilities.maxTarget };
  const picture = useRef<SVGSVGElement>(null);
  const [held, setHeld] = useState<TargetField>();
  if (shown === null) return <Face picture={picture}>{children}</Face>;
  const handles = handlesOf(climate);

  const spotAt = (event: PointerEvent): Spot | undefined => {
    const box = picture.current?.getBoundingClientRect();
    if (box === undefined) return undefined;
    const toView = VIEW_SIZE / box.width;
    return { x: (event.clientX - box.left) * toView, y: (event.clientY - box.top) * toView };
  };
  const grab = (event: PointerEvent<SVGSVGElement>) => {
    const spot = spotAt(event);
    if (!mayChange || spot === undefined || !isOnRing(spot) || event.button !== 0) return;
    const value = valueAt(spot, scale);
    const distance = (handle: Handle) => Math.abs(handle.value - value);
    const nearest = [...handles].sort((a, b) => distance(a) - distance(b))[0];
    if (nearest === undefined) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setHeld(nearest.field);
    climate.setTarget(nearest.field, value);
  };
  const drag = (event: PointerEvent) => {
    const spot = spotAt(event);
    if (held !== undefined && spot !== undefined) climate.setTarget(held, valueAt(spot, scale));
  };
  const release = () => setHeld(undefined);

  const current = reported?.current ?? undefined;
  return (
    <Face
      picture={picture}
      onPointerDown={grab}
      onPointerMove={drag}
      onPointerUp={release}
      onPointerCancel={release}
      centre={children}
    >
      <path
        d={arcPath(scale.min, scale.max, scale)}
        className="stroke-surface-3"
        strokeWidth={10}
        fill="none"
        strokeLinecap="round"
      />
      <FilledArc climate={climate} />
      {current !== undefined && (
        <CurrentMark spot={spotOf(current, scale, RADIUS - CURRENT_INSET)} />
      )}
      {handles.map((handle) => (
        <HandleKnob
          key={handle.field}
          handle={handle}
          climate={climate}
          label={`${NAMES[handle.field]} of ${deviceName}`}
          held={held === handle.field}
        />
      ))}
    </Face>
  );
}

function handlesOf({ shown }: ReturnType<typeof useClimate>): Handle[] {
  if (shown === null) return [];
  const targets = targetsOf(shown);
  if (targets.kind === 'none') return [];
  if (targets.kind === 'range') {
    return [
      { field: 'target_low', value: targets.low, colour: 'var(--heat)' },
      { field: 'target_high', value: targets.high, colour: 'var(--cool)' },
    ];
  }
  const colour = shown.mode === 'cool' ? 'var(--cool)' : 'var(--heat)';
  return [{ field: 'target', value: targets.target, colour }];
}

/** From the cold end to the target when heating, from the target to the warm end when cooling. */
function FilledArc({ climate }: { climate: ReturnType<typeof useClimate> }) {
  const { shown, reported, capabilities } = climate;
  if (shown === null) return null;
  const scale = { min: capabilities.minTarget, max: capabilities.maxTarget };
  const targets = targetsOf(shown);
  if (targets.kind === 'none') return null;
  const doing = reported === null ? 'neutral' : doingOf(reported.action);
  const arc = (from: number, to: number, colour: string, active: boolean) => (
    <path
      key={colour}
      d={arcPath(from, to, scale)}
      stroke={colour}
      strokeWidth={10}
      strokeLinecap="round"
      fill="none"
      opacity={active ? 1 : 0.4}
      className="transition-opacity duration-200"
    />
  );
  if (targets.kind === 'range') {
    return (
      <>
        {arc(scale.min, targets.low, 'var(--heat)', doing === 'heating')}
        {arc(targets.high, scale.max, 'var(--cool)', doing === 'cooling')}
      </>
    );
  }
  if (shown.mode === 'cool') {
    return arc(targets.target, scale.max, 'var(--cool)', doing === 'cooling');
  }
  return arc(scale.min, targets.target, 'var(--heat)', doing === 'heating');
}

function CurrentMark({ spot }: { spot: Spot }) {
  return <circle cx={spot.x} cy={spot.y} r={2.5} className="fill-ink-0" />;
}

interface HandleKnobProps {
  readonly handle: Handle;
  readonly climate: ReturnType<typeof useClimate>;
  readonly label: string;
  readonly held: boolean;
}

function HandleKnob({ handle, climate, label, held }: HandleKnobProps) {
  const format = useFormat();
  const { capabilities, mayChange, pending } = climate;
  const { field, value, colour } = handle;
  const spot = spotOf(value, { min: capabilities.minTarget, max: capabilities.maxTarget });
  const { text, unit } = format.celsius(value);
  const keys: Readonly<Record<string, () => void>> = {
    ArrowUp: () => climate.step(field, 1),
    ArrowRight: () => climate.step(field, 1),
    ArrowDown: () => climate.step(field, -1),
    ArrowLeft: () => climate.step(field, -1),
    Home: () => climate.setTarget(field, capabilities.minTarget),
    End: () => climate.setTarget(field, capabilities.maxTarget),
  };
  return (
    <circle
      cx={spot.x}
      cy={spot.y}
      r={held ? 11 : 9.5}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- no input goes round
      role="slider"
      tabIndex={mayChange ? 0 : -1}
      aria-label={label}
      aria-valuemin={capabilities.minTarget}
      aria-valuemax={capabilities.maxTarget}
      aria-valuenow={value}
      aria-valuetext={`${text} ${unit}`}
      aria-disabled={!mayChange}
      onKeyDown={(event: KeyboardEvent) => {
        const act = keys[event.key];
        if (act === undefined || !mayChange) return;
        event.preventDefault();
        act();
      }}
      fill="var(--surface-1)"
      stroke={colour}
      strokeWidth={4}
      className={cx(
        'transition-[r] duration-150',
        mayChange && 'cursor-grab',
        held && 'cursor-grabbing',
        pending && 'animate-pulse',
      )}
    />
  );
}

interface FaceProps {
  readonly picture: React.RefObject<SVGSVGElement | null>;
  readonly children: ReactNode;
  readonly centre?: ReactNode;
  readonly onPointerDown?: (event: PointerEvent<SVGSVGElement>) => void;
  readonly onPointerMove?: (event: PointerEvent<SVGSVGElement>) => void;
  readonly onPointerUp?: () => void;
  readonly onPointerCancel?: () => void;
}

function Face({ picture, centre, children, ...pointer }: FaceProps) {
  return (
    <div className="relative mx-auto aspect-square w-full max-w-72">
      {centre === undefined ? (
        <div className="absolute inset-0 grid place-items-center">{children}</div>
      ) : (
        <>
          <svg
            ref={picture}
            viewBox={`0 0 ${VIEW_SIZE} ${VIEW_SIZE}`}
            className="size-full touch-none overflow-visible select-none"
            {...pointer}
          >
            {children}
          </svg>
          <div className="pointer-events-none absolute inset-0 grid place-items-center text-center">
            {centre}
          </div>
        </>
      )}
    </div>
  );
}
