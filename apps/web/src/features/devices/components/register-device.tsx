'use client';

import { formResolver } from '../../../api/form-resolver';
import {
  DEVICE_KIND_DEFINITIONS,
  DEVICE_KINDS,
  deviceCreateSchema,
  deviceIdSchema,
  type DeviceKind,
  type DeviceWithSecret,
} from '@hearth/contracts';
import { useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { z } from 'zod';
import { placeProblem } from '../../../api/place-problem';
import { Button } from '../../../ui/button';
import { cx } from '../../../ui/cx';
import { SelectField, TextField } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import { PageHeader } from '../../../ui/page-header';
import { useMay } from '../../home/home-context';
import { useRooms } from '../../home/queries';
import { useCreateDevice } from '../queries';
import { KindIcon } from './kind-icon';
import { RegisteredDevice } from './registered-device';

/** A house controller belongs to a simulated house and registers itself. */
const KINDS = DEVICE_KINDS.filter((kind) => kind !== 'controller');

/** Texts where the contract knows absence. */
const formSchema = z.object({
  kind: deviceCreateSchema.shape.kind,
  name: deviceCreateSchema.shape.name,
  id: z.union(
    [z.literal(''), deviceIdSchema],
    'use 1 to 63 lower-case letters, digits and hyphens',
  ),
  roomId: z.string(),
});
type FormInput = z.input<typeof formSchema>;
type FormValues = z.output<typeof formSchema>;

/** Kind, name, room; then the secret and a helping hand until the first message is here. */
export function RegisterDevice() {
  const may = useMay();
  const [issued, setIssued] = useState<DeviceWithSecret>();
  if (issued !== undefined) return <RegisteredDevice issued={issued} />;
  return (
    <div className="max-w-[40rem]">
      <PageHeader parent={{ href: '/devices', label: 'Devices' }} title="Register a device" />
      {may.own ? (
        <RegisterForm onIssued={setIssued} />
      ) : (
        <Notice tone="info">Only the owner of this home can register devices.</Notice>
      )}
    </div>
  );
}

function RegisterForm({ onIssued }: { onIssued: (issued: DeviceWithSecret) => void }) {
  const rooms = useRooms();
  const create = useCreateDevice();
  const form = useForm<FormInput, unknown, FormValues>({
    resolver: formResolver(formSchema),
    defaultValues: { kind: 'climate-node', name: '', id: '', roomId: '' },
  });
  const { errors, isSubmitting } = form.formState;
  const chosenKind = useWatch({ control: form.control, name: 'kind' });
  const submit = form.handleSubmit(async ({ kind, name, id, roomId }) => {
    const room = (rooms.data ?? []).find((one) => one.id === roomId);
    try {
      onIssued(
        await create.mutateAsync({
          kind,
          name,
          ...(id !== '' && { id }),
          ...(room !== undefined && { roomId: room.id }),
        }),
      );
    } catch (error) {
      placeProblem(form, error);
    }
  });
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="grid gap-6">
      {errors.root?.server !== undefined && (
        <Notice tone="bad">{errors.root.server.message}</Notice>
      )}
      <fieldset>
        <legend className="mb-2 text-sm font-medium">What is it?</legend>
        <div className="grid gap-2 sm:grid-cols-2">
          {KINDS.map((kind) => (
            <KindChoice
              key={kind}
              kind={kind}
              chosen={chosenKind === kind}
              input={form.register('kind')}
            />
          ))}
        </div>
      </fieldset>
      <TextField
        label="Name"
        placeholder="Hall climate"
        autoComplete="off"
        error={errors.name?.message}
        {...form.register('name')}
      />
      <div className="grid gap-6 sm:grid-cols-2">
        <SelectField label="Room" error={errors.roomId?.message} {...form.register('roomId')}>
          <option value="">No room</option>
          {(rooms.data ?? []).map((room) => (
            <option key={room.id} value={room.id}>
              {room.name}
            </option>
          ))}
        </SelectField>
        <TextField
          label="Id (optional)"
          placeholder="made from the name"
          hint="Part of its topics; cannot be changed later."
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          error={errors.id?.message}
          {...form.register('id')}
        />
      </div>
      <Button type="submit" variant="primary" busy={isSubmitting} className="justify-self-start">
        Register
      </Button>
    </form>
  );
}

interface KindChoiceProps {
  readonly kind: DeviceKind;
  readonly chosen: boolean;
  readonly input: object;
}

function KindChoice({ kind, chosen, input }: KindChoiceProps) {
  const { label, description } = DEVICE_KIND_DEFINITIONS[kind];
  return (
    <label
      className={cx(
        'flex cursor-pointer items-start gap-3 rounded-card border p-4 transition-colors duration-150 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
        chosen
          ? 'border-accent bg-accent-soft'
          : 'border-line bg-surface-1 hover:border-line-strong',
      )}
    >
      <input {...input} type="radio" value={kind} className="sr-only" />
      <KindIcon
        kind={kind}
        className={cx('mt-0.5 size-5 shrink-0', chosen ? 'text-accent-ink' : 'text-ink-2')}
      />
      <span>
        <span className="block font-medium">{label}</span>
        <span className="block text-sm text-ink-1">{description}</span>
      </span>
    </label>
  );
}
