import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx';

const TONES = {
  info: { icon: Info, box: 'bg-info-soft', mark: 'text-info' },
  warn: { icon: TriangleAlert, box: 'bg-warn-soft', mark: 'text-warn' },
  bad: { icon: CircleAlert, box: 'bg-bad-soft', mark: 'text-bad' },
} as const;

interface NoticeProps {
  readonly tone: keyof typeof TONES;
  readonly children: ReactNode;
  readonly action?: ReactNode;
  readonly className?: string;
}

/** A sentence that matters, in place. */
export function Notice({ tone, children, action, className }: NoticeProps) {
  const { icon: Icon, box, mark } = TONES[tone];
  return (
    <div
      role={tone === 'info' ? 'note' : 'alert'}
      className={cx(
        'flex flex-wrap items-center gap-x-3 gap-y-2 rounded-control px-4 py-3',
        box,
        className,
      )}
    >
      <Icon aria-hidden className={cx('size-5 shrink-0', mark)} />
      <div className="min-w-0 flex-1 basis-48 text-ink-0">{children}</div>
      {action}
    </div>
  );
}
