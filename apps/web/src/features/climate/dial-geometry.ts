// The ring of a thermostat: three quarters of a circle, open at the bottom. Pure.

/** Half of the drawing; all lengths are in its units. */
export const CENTRE = 100;
export const RADIUS = 82;

const START_DEGREES = 135;
const SWEEP_DEGREES = 270;

export interface Scale {
  readonly min: number;
  readonly max: number;
}

export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Angle of a value, clockwise from three o'clock, in degrees. */
function degreesOf(value: number, { min, max }: Scale): number {
  const share = (Math.min(max, Math.max(min, value)) - min) / (max - min);
  return START_DEGREES + share * SWEEP_DEGREES;
}

/** Where a value stands on a circle around the centre. */
export function spotOf(value: number, scale: Scale, radius = RADIUS): Spot {
  const radians = (degreesOf(value, scale) * Math.PI) / 180;
  return {
    x: round(CENTRE + radius * Math.cos(radians)),
    y: round(CENTRE + radius * Math.sin(radians)),
  };
}

/** The value under a point; the gap at the bottom belongs to its nearer end. */
export function valueAt(spot: Spot, scale: Scale): number {
  const degrees = (Math.atan2(spot.y - CENTRE, spot.x - CENTRE) * 180) / Math.PI;
  let turned = (degrees - START_DEGREES + 720) % 360;
  if (turned > SWEEP_DEGREES) turned = turned > (SWEEP_DEGREES + 360) / 2 ? 0 : SWEEP_DEGREES;
  return scale.min + (turned / SWEEP_DEGREES) * (scale.max - scale.min);
}

/** True where a finger means the ring rather than the middle. */
export function isOnRing(spot: Spot): boolean {
  const distance = Math.hypot(spot.x - CENTRE, spot.y - CENTRE);
  return distance > RADIUS - 22 && distance < CENTRE + 6;
}

/** SVG path of the ring between two values. */
export function arcPath(from: number, to: number, scale: Scale): string {
  const [start, end] = [spotOf(from, scale), spotOf(to, scale)];
  const large = degreesOf(to, scale) - degreesOf(from, scale) > 180 ? 1 : 0;
  return `M${start.x} ${start.y}A${RADIUS} ${RADIUS} 0 ${large} 1 ${end.x} ${end.y}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
