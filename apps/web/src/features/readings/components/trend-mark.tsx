import { ArrowDownRight, ArrowRight, ArrowUpRight } from 'lucide-react';
import { cx } from '../../../ui/cx';
import type { Trend } from '../model';

const MARKS = {
  rising: { icon: ArrowUpRight, words: 'rising over the last hour' },
  falling: { icon: ArrowDownRight, words: 'falling over the last hour' },
  steady: { icon: ArrowRight, words: 'steady over the last hour' },
} as const;

/** Where a value is going. */
export function TrendMark({ trend, className }: { trend: Trend | undefined; className?: string }) {
  if (trend === undefined) return null;
  const { icon: Icon, words } = MARKS[trend];
  return (
    <span title={words} className={className}>
      <Icon
        aria-hidden
        className={cx('inline size-[1em] text-ink-2', trend === 'steady' && 'opacity-50')}
        strokeWidth={1.75}
      />
      <span className="sr-only">, {words}</span>
    </span>
  );
}
