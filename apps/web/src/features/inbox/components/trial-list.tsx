'use client';

import { METRICS, type MappingInput, type MappingTrial } from '@hearth/contracts';
import { Check, X } from 'lucide-react';
import { describeError } from '../../../api/api-problem';
import { booleanWord, metricLabel } from '../../../format/quantity';
import { useFormat } from '../../home/home-context';
import { useNow } from '../../../live/use-now';
import { useTrial } from '../mapping-queries';
import { useSettled } from '../use-settled';

/** Messages that are shown; the rest is more of the same. */
const MOST_SHOWN = 6;

interface TrialListProps {
  /** Undefined while it has faults. */
  readonly mapping: MappingInput | undefined;
  /** Also which device: for a mapping that may mean several. */
  readonly withDevice?: boolean;
}

/** What the mapping makes of the last messages, while it is typed. */
export function TrialList({ mapping, withDevice = false }: TrialListProps) {
  const text = useSettled(mapping === undefined ? undefined : JSON.stringify(mapping));
  const trial = useTrial(text === undefined ? undefined : (JSON.parse(text) as MappingInput));
  const shown = trial.data?.slice(0, MOST_SHOWN) ?? [];
  return (
    <section aria-label="Preview" className="min-w-0">
      <h3 className="mb-1.5 text-sm font-medium">What the last messages become</h3>
      <div aria-live="polite" className="rounded-control bg-surface-2 px-3">
        {mapping === undefined && (
          <p className="py-2 text-sm text-ink-2">Fill in the rest to see it.</p>
        )}
        {mapping !== undefined && trial.isError && (
          <p className="py-2 text-sm text-bad">{describeError(trial.error)}</p>
        )}
        {mapping !== undefined && trial.data?.length === 0 && (
          <p className="py-2 text-sm text-ink-2">No message is kept that fits the topic.</p>
        )}
        {mapping !== undefined && shown.length > 0 && (
          <ul className="divide-y divide-line">
            {shown.map((one) => (
              <Trial
                key={`${one.topic} ${one.receivedAt} ${one.payloadText}`}
                trial={one}
                withDevice={withDevice}
              />
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function Trial({ trial, withDevice }: { trial: MappingTrial; withDevice: boolean }) {
  const now = useNow(60_000);
  const format = useFormat();
  const { topic, payloadText, receivedAt, readings, refusal, deviceId, deviceExists } = trial;
  const Mark = refusal === null ? Check : X;
  return (
    <li className="flex gap-2 py-2 text-sm">
      <Mark
        aria-label={refusal === null ? 'A reading' : 'Refused'}
        className={`mt-0.5 size-4 shrink-0 ${refusal === null ? 'text-good' : 'text-bad'}`}
      />
      <div className="min-w-0 flex-1">
        <p className={refusal === null ? '' : 'text-bad'}>
          {refusal === null ? readings.map(describe).join(', ') : refusal.detail}
        </p>
        <p className="text-ink-2">
          {withDevice && deviceId !== null && `${deviceId}${deviceExists ? '' : ' (new)'}, `}
          {format.time.moment(Date.parse(receivedAt), now)}
        </p>
        <p className="truncate font-mono text-ink-2" title={payloadText}>
          {topic} {payloadText}
        </p>
      </div>
    </li>
  );
}

function describe({ metric, value, unit }: MappingTrial['readings'][number]): string {
  const label = metricLabel(metric);
  if (typeof value === 'string') return `${label} ${value}`;
  if (METRICS.get(metric)?.kind === 'boolean') return `${label} ${booleanWord(metric, value)}`;
  return `${label} ${Number(value.toPrecision(6))}${unit === '' ? '' : `\u202f${unit}`}`;
}
