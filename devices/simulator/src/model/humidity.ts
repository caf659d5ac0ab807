// Water in air. The model keeps g/m³, because that is what ventilation mixes; sensors show percent.

const GRAMS_KELVIN_PER_JOULE = 2.16679;

/** Most water that air of this temperature holds, g/m³ (Magnus formula, good within 0.5 % from -40 to 50 °C). */
export function saturationVapour(celsius: number): number {
  const pressurePascal = 611.2 * Math.exp((17.62 * celsius) / (243.12 + celsius));
  return (GRAMS_KELVIN_PER_JOULE * pressurePascal) / (celsius + 273.15);
}

/** Relative humidity in percent, 0 to 100. */
export function relativeHumidity(vapour: number, celsius: number): number {
  return Math.min(100, Math.max(0, (100 * vapour) / saturationVapour(celsius)));
}
