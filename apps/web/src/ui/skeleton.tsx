import { cx } from './cx';

/** A place where something will be, in its final shape. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx('skeleton block', className)} />;
}
