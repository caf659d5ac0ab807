import type { PresenceState } from '@hearth/contracts';
import { cx } from '../../../ui/cx';
import { stateWord } from '../model';

const COLOURS: Readonly<Record<PresenceState, string>> = {
  online: 'text-good',
  late: 'text-warn',
  offline: 'text-bad',
  flapping: 'text-warn',
  'never-seen': 'text-ink-2',
  unknown: 'text-ink-2',
};

/** The shape tells the state, the colour only underlines it. */
function Shape({ state }: { state: PresenceState }) {
  const ring = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.75 } as const;
  const shapes: Readonly<Record<PresenceState, React.ReactNode>> = {
    online: <circle cx="7" cy="7" r="5" fill="currentColor" />,
    late: (
      <>
        <circle cx="7" cy="7" r="5" {...ring} />
        <path d="M7 2a5 5 0 0 1 0 10Z" fill="currentColor" />
      </>
    ),
    offline: (
      <>
        <circle cx="7" cy="7" r="5" {...ring} />
        <path d="M3.500 10.500l7-7" {...ring} />
      </>
    ),
    flapping: <path d="M1.500 9.500l3-5 2.500 5 2.500-5 3 5" {...ring} strokeLinejoin="round" />,
    'never-seen': <circle cx="7" cy="7" r="5" {...ring} strokeDasharray="2.200 2.200" />,
    unknown: (
      <>
        <circle cx="7" cy="7" r="5" {...ring} />
        <circle cx="7" cy="7" r="1.250" fill="currentColor" />
      </>
    ),
  };
  return shapes[state];
}

interface PresenceMarkProps {
  readonly state: PresenceState;
  /** Without words the mark carries them for screen readers. */
  readonly words?: boolean;
  readonly className?: string;
}

export function PresenceMark({ state, words = true, className }: PresenceMarkProps) {
  return (
    <span className={cx('inline-flex items-center gap-1.5 whitespace-nowrap', className)}>
      <svg viewBox="0 0 14 14" aria-hidden className={cx('size-3.5 shrink-0', COLOURS[state])}>
        <Shape state={state} />
      </svg>
      <span className={words ? undefined : 'sr-only'}>{stateWord(state)}</span>
    </span>
  );
}
