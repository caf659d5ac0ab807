// Colour tokens for a canvas, which knows no CSS variables.

/** The value of a token, with an opacity put into it where one is given (0–1). */
export function tokenColour(styles: CSSStyleDeclaration, token: string, opacity = 1): string {
  const value = styles.getPropertyValue(`--${token}`).trim();
  if (opacity >= 1) return value;
  return value.replace(/\)$/, ` / ${Math.round(opacity * 100)}%)`);
}
