'use client';

import type { Command } from '@hearth/contracts';
import { Check, X } from 'lucide-react';
import { cx } from '../../../ui/cx';
import { useFormat } from '../../home/home-context';
import { describeCommand, stepsOf, type Step } from '../model';

const MARKS: Readonly<Record<Step['state'], string>> = {
  done: 'bg-good text-surface-1 border-transparent',
  now: 'border-accent text-accent animate-pulse',
  ahead: 'border-line-strong',
  failed: 'bg-bad text-on-bad border-transparent',
};

/** Sent, delivered, applied: how far a command got, said politely to who listens. */
export function CommandSteps({ command }: { command: Command }) {
  const { time } = useFormat();
  const steps = stepsOf(command);
  return (
    <div>
      <ol className="flex items-center gap-1.5" aria-hidden>
        {steps.map((step, index) => (
          <li key={step.name} className="flex items-center gap-1.5 text-sm">
            {index > 0 && (
              <span
                className={cx('h-px w-4', step.state === 'done' ? 'bg-good' : 'bg-line-strong')}
              />
            )}
            <span
              className={cx(
                'grid size-4 place-items-center rounded-full border [&_svg]:size-3',
                MARKS[step.state],
              )}
            >
              {step.state === 'done' && <Check strokeWidth={3} />}
              {step.state === 'failed' && <X strokeWidth={3} />}
            </span>
            <span
              className={step.state === 'ahead' ? 'text-ink-2' : 'text-ink-0'}
              title={step.at === null ? undefined : time.clockSeconds(Date.parse(step.at))}
            >
              {step.name}
            </span>
          </li>
        ))}
      </ol>
      <p
        aria-live="polite"
        // The last step says it already to who can see.
        className={command.status === 'applied' ? 'sr-only' : 'mt-1 text-sm text-ink-2'}
      >
        {describeCommand(command)}
      </p>
    </div>
  );
}
