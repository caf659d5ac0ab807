'use client';

import {
  DEVICE_KIND_DEFINITIONS,
  DEVICE_KINDS,
  type Mapping,
  type MappingInput,
} from '@hearth/contracts';
import { useState, type SubmitEvent } from 'react';
import { toast } from 'sonner';
import { describeError } from '../../../api/api-problem';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { SelectField, TextField } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import {
  emptyRow,
  findMappingFaults,
  rowsOfMapping,
  toMetrics,
  type MetricRow,
} from '../mapping-form';
import { useSaveMapping } from '../mapping-queries';
import { MetricRows } from './metric-rows';
import { TrialList } from './trial-list';

type Rest = Omit<MappingInput, 'metrics'>;

const NEW: Rest = { filter: '', device: '', createKind: null, tsPath: null, enabled: true };

/** Makes or changes a mapping, tried on the last messages as it is typed. */
export function MappingDialog(props: { mapping: Mapping | undefined; onClose: () => void }) {
  const { mapping, onClose } = props;
  const save = useSaveMapping(mapping?.id);
  const [rest, setRest] = useState<Rest>(() => (mapping === undefined ? NEW : restOf(mapping)));
  const [rows, setRows] = useState<readonly MetricRow[]>(() =>
    mapping === undefined ? [{ ...emptyRow('0'), metric: '{metric}' }] : rowsOfMapping(mapping),
  );
  const [isTold, setTold] = useState(mapping !== undefined);
  const draft: MappingInput = { ...rest, metrics: toMetrics(rows) };
  const faults = findMappingFaults(draft);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTold(true);
    if (faults.size > 0) return;
    save.mutate(draft, {
      onSuccess: () => {
        toast.success(
          draft.enabled === false
            ? `${draft.filter} is switched off`
            : `Messages that fit ${draft.filter} are readings from now on`,
        );
        onClose();
      },
    });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={mapping === undefined ? 'Add a mapping' : 'Change a mapping'}
      description="Says which device and metrics the messages on some topics are."
    >
      <form noValidate onSubmit={submit} className="mt-4 grid gap-5">
        <Where rest={rest} onChange={setRest} faults={isTold ? faults : new Map()} />
        <MetricRows rows={rows} onChange={setRows} faults={isTold ? faults : new Map()} full />
        <TextField
          label="Where it says when (optional)"
          hint="A path to epoch seconds or milliseconds, or ISO 8601 with a zone. Empty: the time of arrival."
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={rest.tsPath ?? ''}
          onChange={({ target }) =>
            setRest({ ...rest, tsPath: target.value.trim() === '' ? null : target.value.trim() })
          }
        />
        <label className="flex items-center gap-3 text-sm">
          <input
            type="checkbox"
            className="size-4 shrink-0 accent-accent"
            checked={rest.enabled}
            onChange={({ target }) => setRest({ ...rest, enabled: target.checked })}
          />
          Switched on
        </label>
        <TrialList mapping={faults.size === 0 ? draft : undefined} withDevice />
        {save.isError && <Notice tone="bad">{describeError(save.error)}</Notice>}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface WhereProps {
  readonly rest: Rest;
  readonly onChange: (rest: Rest) => void;
  readonly faults: ReadonlyMap<string, string>;
}

function Where({ rest, onChange, faults }: WhereProps) {
  const text = { autoComplete: 'off', autoCapitalize: 'none', spellCheck: false } as const;
  return (
    <>
      <TextField
        {...text}
        label="Topics"
        placeholder="home/{room}/{metric}"
        hint="A name in braces stands for any one level; + and # as in MQTT."
        value={rest.filter}
        error={faults.get('filter')}
        onChange={(event) => onChange({ ...rest, filter: event.target.value })}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          {...text}
          label="Device id"
          placeholder="{room}"
          hint="May be made of levels."
          value={rest.device}
          error={faults.get('device')}
          onChange={(event) => onChange({ ...rest, device: event.target.value })}
        />
        <SelectField
          label="Devices that are not there"
          value={rest.createKind ?? ''}
          onChange={({ target }) =>
            onChange({
              ...rest,
              createKind: DEVICE_KINDS.find((kind) => kind === target.value) ?? null,
            })
          }
        >
          <option value="">Refuse their messages</option>
          {DEVICE_KINDS.filter((kind) => kind !== 'controller').map((kind) => (
            <option key={kind} value={kind}>
              Add them: {DEVICE_KIND_DEFINITIONS[kind].label.toLowerCase()}
            </option>
          ))}
        </SelectField>
      </div>
    </>
  );
}

function restOf({ filter, device, createKind, tsPath, enabled }: Mapping): Rest {
  return { filter, device, createKind, tsPath, enabled };
}
