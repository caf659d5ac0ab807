'use client';

import { EVERY_FIELD, METRICS } from '@hearth/contracts';
import { Plus, Trash2 } from 'lucide-react';
import { useId } from 'react';
import { Button } from '../../../ui/button';
import { TextField } from '../../../ui/field';
import { emptyRow, type MetricRow } from '../mapping-form';

interface MetricRowsProps {
  readonly rows: readonly MetricRow[];
  readonly onChange: (rows: readonly MetricRow[]) => void;
  /** By `metrics.<place among the used>.<field>`. */
  readonly faults: ReadonlyMap<string, string>;
  /** Also path, scale and offset, and rows that come and go; else what was found, to choose from. */
  readonly full?: boolean;
  /** The value that a row's path leads to, as it was sent. */
  readonly samples?: ReadonlyMap<string, string>;
}

/** Values of a payload and the metrics that they become. */
export function MetricRows({ rows, onChange, faults, full = false, samples }: MetricRowsProps) {
  const listId = useId();
  const change = (key: string, part: Partial<MetricRow>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));
  const place = (row: MetricRow) => rows.filter(({ used }) => used).indexOf(row);
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-sm font-medium">Metrics</legend>
      <datalist id={listId}>
        {[...METRICS.keys()].map((name) => (
          <option key={name}>{name}</option>
        ))}
      </datalist>
      <ul className="divide-y divide-line border-y border-line">
        {rows.map((row) => {
          const fault = (field: string) => faults.get(`metrics.${place(row)}.${field}`);
          const set = (part: Partial<MetricRow>) => change(row.key, part);
          return (
            <li key={row.key} className="py-3">
              {full ? null : <Choice row={row} sample={samples?.get(row.path)} set={set} />}
              {row.used && <Inputs row={row} set={set} fault={fault} full={full} listId={listId} />}
              {full && rows.length > 1 && (
                <Button
                  size="small"
                  variant="ghost"
                  className="mt-2"
                  onClick={() => onChange(rows.filter(({ key }) => key !== row.key))}
                >
                  <Trash2 aria-hidden /> Remove <span className="sr-only">{row.metric}</span>
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {faults.get('metrics') !== undefined && (
        <p role="alert" className="mt-1.5 text-sm text-bad">
          Choose at least one.
        </p>
      )}
      {full && (
        <Button
          size="small"
          className="mt-3"
          onClick={() => onChange([...rows, emptyRow(crypto.randomUUID())])}
        >
          <Plus aria-hidden /> Add a metric
        </Button>
      )}
    </fieldset>
  );
}

interface RowProps {
  readonly row: MetricRow;
  readonly set: (part: Partial<MetricRow>) => void;
}

function Choice({ row, sample, set }: RowProps & { sample: string | undefined }) {
  return (
    <label className="flex items-start gap-3">
      <input
        type="checkbox"
        className="mt-1 size-4 shrink-0 accent-accent"
        checked={row.used}
        onChange={(event) => set({ used: event.target.checked })}
      />
      <span className="min-w-0 flex-1 font-mono text-sm break-all">
        {row.path === '' ? 'The whole message' : row.path}
      </span>
      {sample !== undefined && (
        <span className="max-w-[45%] truncate font-mono text-sm text-ink-2">{sample}</span>
      )}
    </label>
  );
}

interface InputsProps extends RowProps {
  readonly fault: (field: string) => string | undefined;
  readonly full: boolean;
  readonly listId: string;
}

function Inputs({ row, set, fault, full, listId }: InputsProps) {
  const text = { autoComplete: 'off', autoCapitalize: 'none', spellCheck: false } as const;
  return (
    <div
      className={full ? 'grid gap-3 sm:grid-cols-2' : 'mt-2 grid grid-cols-[1fr_6rem] gap-3 pl-7'}
    >
      <TextField
        {...text}
        label="Metric"
        list={listId}
        value={row.metric}
        error={fault('metric')}
        onChange={(event) => set({ metric: event.target.value })}
      />
      {full && (
        <TextField
          {...text}
          label="Path in the payload"
          placeholder="empty: all of it"
          value={row.path}
          error={fault('path')}
          onChange={(event) => set({ path: event.target.value })}
        />
      )}
      {row.metric !== EVERY_FIELD && (
        <TextField
          {...text}
          label="Unit"
          value={row.unit}
          error={fault('unit')}
          onChange={(event) => set({ unit: event.target.value })}
        />
      )}
      {full && (
        <div className="grid grid-cols-2 gap-3">
          <TextField
            label="Times"
            inputMode="decimal"
            value={row.scale}
            error={fault('scale')}
            onChange={(event) => set({ scale: event.target.value })}
          />
          <TextField
            label="Plus"
            inputMode="decimal"
            value={row.offset}
            error={fault('offset')}
            onChange={(event) => set({ offset: event.target.value })}
          />
        </div>
      )}
    </div>
  );
}
