// OKLCH to what WCAG 2.2 measures: relative luminance and contrast. Used by the check of the tokens.

export interface Oklch {
  readonly lightness: number;
  readonly chroma: number;
  readonly hueDegrees: number;
}

/** Reads `oklch(0.5 0.1 40)`; throws on anything else. */
export function parseOklch(text: string): Oklch {
  const match = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(text);
  const [, lightness, chroma, hue] = match ?? [];
  if (lightness === undefined || chroma === undefined || hue === undefined) {
    throw new Error(`no oklch colour: ${text}`);
  }
  return { lightness: Number(lightness), chroma: Number(chroma), hueDegrees: Number(hue) };
}

/** Linear sRGB, each channel 0–1 when the colour is inside the gamut. Björn Ottosson's matrices. */
function toLinearSrgb({ lightness, chroma, hueDegrees }: Oklch): readonly [number, number, number] {
  const hue = (hueDegrees * Math.PI) / 180;
  const a = chroma * Math.cos(hue);
  const b = chroma * Math.sin(hue);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** Half an 8-bit step: rounding may put a colour this far outside without anybody seeing it. */
const GAMUT_TOLERANCE = 0.002;

/** True when sRGB can show the colour unchanged. */
export function isInSrgb(colour: Oklch): boolean {
  return toLinearSrgb(colour).every(
    (channel) => channel >= -GAMUT_TOLERANCE && channel <= 1 + GAMUT_TOLERANCE,
  );
}

function relativeLuminance(colour: Oklch): number {
  const [red, green, blue] = toLinearSrgb(colour);
  const clamp = (channel: number) => Math.min(1, Math.max(0, channel));
  return 0.2126 * clamp(red) + 0.7152 * clamp(green) + 0.0722 * clamp(blue);
}

/** WCAG 2.2 contrast ratio, 1–21, whichever is the lighter. */
export function contrastRatio(first: Oklch, second: Oklch): number {
  const [dark = 0, light = 0] = [relativeLuminance(first), relativeLuminance(second)].sort(
    (a, b) => a - b,
  );
  return (light + 0.05) / (dark + 0.05);
}
