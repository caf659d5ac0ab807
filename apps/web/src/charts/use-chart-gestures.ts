'use client';

// Pointer and keys on a plot: hover and arrow keys move the crosshair, a drag chooses a part of the time.
import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { nearestIndex, type Stretch } from './plot';

/** A drag shorter than this is a click, in pixels. */
const LEAST_DRAG_PX = 8;
const BIG_STEP = 10;

interface GestureOptions {
  readonly instants: readonly number[];
  /** Pixel of the plot to time, and back; undefined before the chart is drawn. */
  readonly toTime: (pixel: number) => number | undefined;
  readonly onCrosshair: (ms: number | undefined) => void;
  readonly crosshair: number | undefined;
  readonly onZoom: (range: Stretch) => void;
  readonly onZoomOut: () => void;
}

interface Drag {
  readonly from: number;
  readonly to: number;
}

export function useChartGestures(options: GestureOptions) {
  const { instants, toTime, onCrosshair, crosshair, onZoom, onZoomOut } = options;
  const [drag, setDrag] = useState<Drag>();
  const pixelOf = (event: PointerEvent<HTMLElement>) =>
    event.clientX - event.currentTarget.getBoundingClientRect().left;

  const point = (pixel: number) => {
    const ms = toTime(pixel);
    const index = ms === undefined ? -1 : nearestIndex(instants, ms);
    onCrosshair(instants[index]);
  };
  const step = (by: number) => {
    const here = crosshair === undefined ? instants.length : nearestIndex(instants, crosshair);
    const next = Math.min(instants.length - 1, Math.max(0, here + by));
    onCrosshair(instants[next]);
  };

  const keys: Readonly<Record<string, (big: boolean) => void>> = {
    ArrowLeft: (big) => step(big ? -BIG_STEP : -1),
    ArrowRight: (big) => step(big ? BIG_STEP : 1),
    Home: () => onCrosshair(instants[0]),
    End: () => onCrosshair(instants.at(-1)),
    Escape: () => {
      onCrosshair(undefined);
      onZoomOut();
    },
  };

  return {
    /** Pixels of the part that is being chosen. */
    selection: drag,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        // A finger scrolls the page and reads values; it does not choose a part.
        if (event.pointerType !== 'mouse' || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const pixel = pixelOf(event);
        setDrag({ from: pixel, to: pixel });
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        const pixel = pixelOf(event);
        if (drag !== undefined) setDrag({ ...drag, to: pixel });
        point(pixel);
      },
      onPointerUp: () => {
        if (drag === undefined) return;
        setDrag(undefined);
        const [left, right] = [drag.from, drag.to].sort((a, b) => a - b);
        if (left === undefined || right === undefined || right - left < LEAST_DRAG_PX) return;
        const [from, to] = [toTime(left), toTime(right)];
        if (from !== undefined && to !== undefined) onZoom({ from, to });
      },
      onPointerCancel: () => setDrag(undefined),
      onPointerLeave: () => {
        if (drag === undefined) onCrosshair(undefined);
      },
      onDoubleClick: onZoomOut,
      onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
        const act = keys[event.key];
        if (act === undefined) return;
        event.preventDefault();
        act(event.shiftKey);
      },
      onBlur: () => onCrosshair(undefined),
    },
  };
}
