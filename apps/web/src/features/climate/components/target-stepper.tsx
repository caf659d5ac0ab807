'use client';

import { Minus, Plus } from 'lucide-react';
import { Button } from '../../../ui/button';
import { cx } from '../../../ui/cx';
import { QuantityText } from '../../../ui/quantity-text';
import { useFormat } from '../../home/home-context';
import { targetsOf, type TargetField } from '../model';
import type { useClimate } from '../use-climate';

const NAMES: Readonly<Record<TargetField, string>> = {
  target: 'Target',
  target_low: 'Heat to',
  target_high: 'Cool to',
};

interface TargetStepperProps {
  readonly field: TargetField;
  readonly climate: ReturnType<typeof useClimate>;
  readonly deviceName: string;
  readonly compact?: boolean;
}

/** Minus, the target, plus. The number breathes while the device has not confirmed it. */
export function TargetStepper({ field, climate, deviceName, compact = false }: TargetStepperProps) {
  const format = useFormat();
  const { shown, capabilities, mayChange } = climate;
  if (shown === null) return null;
  const targets = targetsOf(shown);
  if (targets.kind === 'none') return null;
  const value =
    targets.kind === 'single'
      ? targets.target
      : field === 'target_high'
        ? targets.high
        : targets.low;
  const name = NAMES[field];
  const label = (verb: string) => `${verb} ${name.toLowerCase()} of ${deviceName}`;
  return (
    <fieldset aria-label={`${name} of ${deviceName}`} className="flex items-center gap-1">
      <Button
        size={compact ? 'iconSmall' : 'icon'}
        aria-label={label('Lower')}
        disabled={!mayChange || value <= capabilities.minTarget}
        onClick={() => climate.step(field, -1)}
      >
        <Minus aria-hidden />
      </Button>
      <span className={cx('text-center', compact ? 'min-w-16' : 'min-w-24')}>
        {!(compact && field === 'target') && (
          <span className="block text-xs leading-3 text-ink-2">{name}</span>
        )}
        <output
          aria-live="off"
          className={cx('transition-opacity', climate.pending && 'animate-pulse')}
        >
          <QuantityText {...format.celsius(value)} size={compact ? 'normal' : 'large'} />
        </output>
      </span>
      <Button
        size={compact ? 'iconSmall' : 'icon'}
        aria-label={label('Raise')}
        disabled={!mayChange || value >= capabilities.maxTarget}
        onClick={() => climate.step(field, 1)}
      >
        <Plus aria-hidden />
      </Button>
    </fieldset>
  );
}
