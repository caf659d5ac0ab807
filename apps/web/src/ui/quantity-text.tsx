import { cx } from './cx';

const SIZES = {
  hero: { text: 'text-hero font-light tracking-tight', unit: 'text-xl' },
  large: { text: 'text-2xl font-light tracking-tight', unit: 'text-base' },
  normal: { text: 'text-lg', unit: 'text-sm' },
  inline: { text: '', unit: '' },
} as const;

interface QuantityTextProps {
  readonly text: string;
  readonly unit: string;
  readonly size?: keyof typeof SIZES;
  readonly className?: string | undefined;
}

/** A value and its unit: the number large and light, the unit small beside it after a thin space. */
export function QuantityText({ text, unit, size = 'inline', className }: QuantityTextProps) {
  const look = SIZES[size];
  const hugging = unit === '°C' || unit === '°F' || unit === '%';
  return (
    <span className={cx('whitespace-nowrap', look.text, className)}>
      {text}
      {unit !== '' && (
        <>
          {hugging ? '\u202f' : '\u2009'}
          <span className={cx('font-normal text-ink-2', look.unit)}>{unit}</span>
        </>
      )}
    </span>
  );
}
