'use client';

import type { HomeRetention, RetentionField, RetentionSettings } from '@hearth/contracts';
import { useState } from 'react';
import { toast } from 'sonner';
import { ApiProblem } from '../../../api/api-problem';
import { formatNumber } from '../../../format/quantity';
import { Button } from '../../../ui/button';
import { Card, CardHeader } from '../../../ui/card';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { SelectField } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import { Skeleton } from '../../../ui/skeleton';
import { useFormat, useMay } from '../../home/home-context';
import { formatBytes } from '../../server/format-bytes';
import { useChangeRetention, useRetention, useRetentionPreview } from '../queries';
import { forecastWords, KEPT_DAYS, keptFor, RETENTION_LABELS } from '../words';

const FOREVER = 'forever';
const FIELDS = Object.keys(RETENTION_LABELS) as RetentionField[];

/** How long history is kept, what it takes, and what other times would take. */
export function HistoryStorageCard() {
  const retention = useRetention().data;
  return (
    <Card aria-labelledby="history-storage-title">
      <CardHeader
        id="history-storage-title"
        title="History and storage"
        hint={
          retention === undefined
            ? undefined
            : `Takes about ${formatBytes(retention.stored.bytes)} today`
        }
      />
      <div className="grid gap-4 px-5 pt-1 pb-5">
        {retention === undefined ? (
          <Skeleton className="h-64" />
        ) : (
          <RetentionForm retention={retention} />
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
  const forecast = isDirty ? preview.data?.forecast : retention.forecast;
  const removes = preview.data?.removes ?? [];
  const isKnown = preview.data !== undefined && !preview.isFetching && preview.error === null;

  const save = async () => {
    await change.mutateAsync(wanted);
    setChanges({});
    toast.success('Saved');
  };
  return (
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
            hint={takes(retention, field)}
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
        {forecast === undefined || forecast === null
          ? 'How much this home will need can be said once it has measured for an hour.'
          : forecastWords(forecast, retention.readingsPerHour)}
      </p>
      <Removal retention={retention} />
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
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Remove old history?"
        action="Save and remove"
        onConfirm={save}
      >
        <Removed removes={removes} />
      </ConfirmDialog>
    </form>
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
          {RETENTION_LABELS[setting]} of before {time.dayWithYear(before)}: about{' '}
          {formatBytes(bytes)}.
        </span>
      ))}
      <span className="mt-2 block">It cannot be brought back.</span>
    </>
  );
}

function Removal({ retention: { removal } }: { retention: HomeRetention }) {
  if (removal === null) return null;
  const { removed, total } = removal;
  return (
    <Notice tone="info">
      Removing old history
      {total > 0 && `: ${formatNumber(removed, 0)} of ${formatNumber(total, 0)} rows`}… Hearth goes
      on measuring meanwhile.
    </Notice>
  );
}

function takes({ stored }: HomeRetention, field: RetentionField): string | undefined {
  const bytes = stored.by[field]?.bytes;
  return bytes === undefined ? undefined : `${formatBytes(bytes)} now`;
}

/** What is offered, and what is chosen already. */
function choices(current: number | null): (number | null)[] {
  const all = new Set([...KEPT_DAYS, current]);
  return [...all].sort((a, b) => (a ?? Infinity) - (b ?? Infinity));
}
