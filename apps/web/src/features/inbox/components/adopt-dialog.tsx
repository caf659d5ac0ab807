'use client';

import {
  DEVICE_KIND_DEFINITIONS,
  DEVICE_KINDS,
  adoptionSchema,
  type Adoption,
  type DeviceKind,
  type DiscoveredTopic,
  type MappingInput,
} from '@hearth/contracts';
import { useMemo, useState, type SubmitEvent } from 'react';
import { toast } from 'sonner';
import { describeError } from '../../../api/api-problem';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { SelectField, TextField } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import { useDevices } from '../../devices/queries';
import { useRooms } from '../../home/queries';
import { findMappingFaults, rowsOfGuess, toMetrics, type MetricRow } from '../mapping-form';
import { useAdopt } from '../mapping-queries';
import { messages } from '../replay-words';
import { MetricRows } from './metric-rows';
import { TrialList } from './trial-list';

const KINDS = DEVICE_KINDS.filter((kind) => kind !== 'controller');
/** Stands for the device that is not there yet. */
const NEW_DEVICE = 'new-device';

interface Wanted {
  /** Empty for a new one. */
  readonly deviceId: string;
  readonly name: string;
  readonly kind: DeviceKind;
  readonly roomId: string;
}

/** Makes a discovered topic a device's: which, what it measures, and what becomes of the last messages. */
export function AdoptDialog({ topic, onClose }: { topic: DiscoveredTopic; onClose: () => void }) {
  const adopt = useAdopt();
  const [wanted, setWanted] = useState<Wanted>({
    deviceId: '',
    name: topic.deviceName,
    kind: 'sensor',
    roomId: '',
  });
  const [rows, setRows] = useState<readonly MetricRow[]>(() => rowsOfGuess(topic.guess));
  const mapping = toMapping(topic, wanted, rows);
  const faults = findMappingFaults(mapping);
  const samples = useMemo(
    () => new Map(topic.guess.fields.map(({ path, value }) => [path, String(value)])),
    [topic.guess.fields],
  );
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    try {
      // Not by callbacks of `mutate`: the topic leaves the list and takes this dialog with it, and they would never run.
      const { adopted } = await adopt.mutateAsync(toAdoption(topic, wanted, mapping));
      const before = adopted === 0 ? '' : ` ${messages(adopted)} from before became readings.`;
      toast.success(`${topic.topic} is adopted.${before}`);
      onClose();
    } catch {
      // Said by `adopt.error`; the dialog stays for another try.
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Adopt a topic"
      description={<span className="font-mono text-sm break-all">{topic.topic}</span>}
    >
      <form noValidate onSubmit={(event) => void submit(event)} className="mt-4 grid gap-5">
        <DeviceChoice wanted={wanted} onChange={setWanted} />
        <MetricRows rows={rows} onChange={setRows} faults={faults} samples={samples} />
        <TrialList mapping={faults.size === 0 ? mapping : undefined} />
        {faults.get('filter') !== undefined && (
          <Notice tone="bad">This topic {faults.get('filter')}.</Notice>
        )}
        {adopt.isError && <Notice tone="bad">{describeError(adopt.error)}</Notice>}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            busy={adopt.isPending}
            disabled={faults.size > 0 || (wanted.deviceId === '' && wanted.name.trim() === '')}
          >
            Adopt
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function DeviceChoice(props: { wanted: Wanted; onChange: (wanted: Wanted) => void }) {
  const { wanted, onChange } = props;
  const devices = useDevices();
  const rooms = useRooms();
  const set = (part: Partial<Wanted>) => onChange({ ...wanted, ...part });
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <SelectField
        label="Device"
        value={wanted.deviceId}
        onChange={(event) => set({ deviceId: event.target.value })}
      >
        <option value="">A new device</option>
        {(devices.data ?? []).map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
      {wanted.deviceId === '' && (
        <>
          <TextField
            label="Name"
            autoComplete="off"
            maxLength={80}
            value={wanted.name}
            error={wanted.name.trim() === '' ? 'must not be empty' : undefined}
            onChange={(event) => set({ name: event.target.value })}
          />
          <SelectField
            label="Kind"
            value={wanted.kind}
            onChange={(event) =>
              set({ kind: KINDS.find((kind) => kind === event.target.value) ?? 'sensor' })
            }
          >
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {DEVICE_KIND_DEFINITIONS[kind].label}
              </option>
            ))}
          </SelectField>
          <SelectField
            label="Room"
            value={wanted.roomId}
            onChange={(event) => set({ roomId: event.target.value })}
          >
            <option value="">No room</option>
            {(rooms.data ?? []).map((room) => (
              <option key={room.id} value={room.id}>
                {room.name}
              </option>
            ))}
          </SelectField>
        </>
      )}
    </div>
  );
}

function toMapping(
  { topic, guess }: DiscoveredTopic,
  { deviceId, kind }: Wanted,
  rows: readonly MetricRow[],
): MappingInput {
  return {
    filter: topic,
    device: deviceId === '' ? NEW_DEVICE : deviceId,
    createKind: deviceId === '' ? kind : null,
    metrics: toMetrics(rows),
    tsPath: guess.tsPath,
  };
}

function toAdoption(
  { topic, guess }: DiscoveredTopic,
  { deviceId, name, kind, roomId }: Wanted,
  { metrics }: MappingInput,
): Adoption {
  const device =
    deviceId === ''
      ? { name: name.trim(), kind, roomId: roomId === '' ? null : roomId }
      : { id: deviceId };
  // Texts become ids here; what they are was chosen from a list.
  return adoptionSchema.parse({ device, topics: [{ topic, metrics, tsPath: guess.tsPath }] });
}
