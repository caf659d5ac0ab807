'use client';

import type { HomeRetention, RetentionField, RetentionSettings } from '@hearth/contracts';
import { useState } from 'react';
import { toast } from 'sonner';
import { ApiProblem, describeError } from '../../../api/api-problem';
import { formatNumber } from '../../../format/quantity';
import { Button } from '../../../ui/button';
import { Card, CardHeader } from '../../../ui/card';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { SelectField } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import { Skeleton } from '../../../ui/skeleton';
import { useFormat, useMay } from '../../home/home-context';
import { formatRoughBytes } from '../../server/format-bytes';
import { useChangeRetention, useRetention, useRetentionPreview } from '../queries';
import { forecastWords, KEPT_DAYS, keptFor, RETENTION_HINTS, RETENTION_LABELS } from '../words';

const FOREVER = 'forever';
const WHAT_GOES: Readonly<Record<RetentionField, string>> = {
  fullDetailDays: 'readings',
  hourlyDays: 'hours',
  dailyDays: 'days',
  stateDays: 'text values',
  eventDays: 'online times and commands',
};
const FIELDS = Object.keys(RETENTION_LABELS) as RetentionField[];

/** How long history is kept, what it takes, and what other times would take. */
export function HistoryStorageCard() {
  const { data: retention, error } = useRetention();
  return (
    <Card aria-labelledby="history-storage-title">
      <CardHeader
        id="history-storage-title"
        title="History and storage"
        hint={
          retention === undefined
            ? undefined
            : `Takes about ${formatRoughBytes(retention.stored.bytes)} today`
        }
      />
      <div className="grid gap-4 px-5 pt-1 pb-5">
        {retention !== undefined && <RetentionForm retention={retention} />}
        {retention === undefined && error === null && <Skeleton className="h-80" />}
        {retention === undefined && error !== null && (
          <Notice tone="bad">{describeError(error)}</Notice>
        )}
      </div>
    </Card>
  );
}

function RetentionForm({ retention }: { retention: HomeRetention }) {
  const may = useMay();
  const [changes, setChanges] = useState<Partial<RetentionSettings>>({});
  const [asking, setAsking] = useState(false);
  const { settings } = retention;
  const wanted = { ...settings, ...changes };
  const isDirty = FIELDS.some((field) => wanted[field] !== settings[field]);
  const preview = useRetentionPreview(isDirty ? wanted : undefined);
  const change = useChangeRetention();
  const faults = preview.error instanceof ApiProblem ? preview.error.fields : [];
  // While it is asked for, what was said before stays.
  const forecast = (isDirty ? preview.data?.forecast : undefined) ?? retention.forecast;
  const removes = preview.data?.removes ?? [];
  const isKnown = preview.data !== undefined && !preview.isFetching && preview.error === null;

  const save = async () => {
    await change.mutateAsync(wanted);
    setChanges({});
    toast.success('Saved');
  };
  return (
    <>
      <form
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (removes.length > 0) setAsking(true);
          // What went wrong was said by the mutation.
          else save().catch(() => undefined);
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          {FIELDS.map((field) => (
            <SelectField
              key={field}
              label={RETENTION_LABELS[field]}
              hint={`${RETENTION_HINTS[field]} ${formatRoughBytes(retention.stored.by[field]?.bytes ?? 0)} today.`}
              error={isDirty ? faults.find((fault) => fault.field === field)?.message : undefined}
              disabled={!may.own || change.isPending}
              value={wanted[field] ?? FOREVER}
              onChange={({ target }) =>
                setChanges({
                  ...changes,
                  [field]: target.value === FOREVER ? null : Number(target.value),
                })
              }
            >
              {choices(settings[field]).map((days) => (
                <option key={days ?? FOREVER} value={days ?? FOREVER}>
                  {keptFor(days)}
                </option>
              ))}
            </SelectField>
          ))}
        </div>
        <p className="text-sm text-ink-1" aria-live="polite">
          {forecast === null
            ? 'How much this home will need can be said once it has measured for an hour.'
            : forecastWords(forecast, retention.readingsPerHour, retention.stored.bytes)}
        </p>
        {isDirty && preview.error !== null && faults.length === 0 && (
          <Notice tone="bad">{describeError(preview.error)}</Notice>
        )}
        <Removal retention={retention} />
        {isDirty && removes.length > 0 && preview.error === null && (
          <Notice tone="warn">
            <Removed removes={removes} />
          </Notice>
        )}
        {isDirty && (
          <div className="flex gap-2">
            <Button type="submit" variant="primary" busy={change.isPending} disabled={!isKnown}>
              Save
            </Button>
            <Button onClick={() => setChanges({})} disabled={change.isPending}>
              Cancel
            </Button>
          </div>
        )}
      </form>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Remove old history?"
        action="Save and remove"
        onConfirm={save}
      >
        <Removed removes={removes} />
        <span className="mt-2 block">It cannot be brought back.</span>
      </ConfirmDialog>
    </>
  );
}

/** What would be gone. Spans, because it stands in a paragraph. */
function Removed({
  removes,
}: {
  removes: readonly { setting: RetentionField; before: number; bytes: number }[];
}) {
  const { time } = useFormat();
  return (
    <>
      {removes.map(({ setting, before, bytes }) => (
        <span key={setting} className="block">
          Removes {WHAT_GOES[setting]} from before {time.dayWithYear(before)}, about{' '}
          {formatRoughBytes(bytes)}.
        </span>
      ))}
    </>
  );
}

function Removal({ retention: { removal, detailFrom } }: { retention: HomeRetention }) {
  const { time } = useFormat();
  if (removal !== null) {
    const { removed, total } = removal;
    return (
      <Notice tone="info">
        Removing old history
        {total > 0 && `: ${formatNumber(removed, 0)} of ${formatNumber(total, 0)} rows`}… Hearth
        goes on measuring meanwhile.
      </Notice>
    );
  }
  if (detailFrom === null) return null;
  return (
    <p className="text-sm text-ink-2">
      Readings from before {time.dayWithYear(detailFrom)} are removed. What a device still sends of
      that time waits in the inbox.
    </p>
  );
}

/** What is offered, and what is chosen already. */
function choices(current: number | null): (number | null)[] {
  const all = new Set([...KEPT_DAYS, current]);
  return [...all].sort((a, b) => (a ?? Infinity) - (b ?? Infinity));
}
