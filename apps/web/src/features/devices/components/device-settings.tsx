'use client';

import { formResolver } from '../../../api/form-resolver';
import { deviceChangeSchema, type Device, type DeviceWithSecret } from '@hearth/contracts';
import { KeyRound, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import { placeProblem } from '../../../api/place-problem';
import { Button } from '../../../ui/button';
import { Card, CardHeader } from '../../../ui/card';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { SelectField, TextField } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import { useMay } from '../../home/home-context';
import { useRooms } from '../../home/queries';
import { useChangeDevice, useDeleteDevice, useRotateSecret } from '../queries';
import { SecretDialog } from './secret-dialog';

/** A list has no "none": the empty choice means no room. */
const formSchema = z.object({
  name: deviceChangeSchema.shape.name.unwrap(),
  roomId: z.string(),
});
type FormValues = z.output<typeof formSchema>;

/** Name, room, secret, farewell. */
export function DeviceSettings({ device }: { device: Device }) {
  const may = useMay();
  return (
    <Card aria-labelledby="settings-title">
      <CardHeader id="settings-title" title="Settings" />
      <div className="px-5 pt-1 pb-5">
        <NameAndRoom key={`${device.name}/${device.roomId ?? ''}`} device={device} />
        {may.own && <SecretAndDeletion device={device} />}
      </div>
    </Card>
  );
}

function NameAndRoom({ device }: { device: Device }) {
  const rooms = useRooms();
  const change = useChangeDevice(device.id);
  const form = useForm<FormValues>({
    resolver: formResolver(formSchema),
    defaultValues: { name: device.name, roomId: device.roomId ?? '' },
  });
  const { errors, isDirty, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ name, roomId }) => {
    const room = (rooms.data ?? []).find((one) => one.id === roomId);
    try {
      await change.mutateAsync({ name, roomId: room?.id ?? null });
    } catch (error) {
      placeProblem(form, error);
      return;
    }
    toast.success('Saved');
  });
  // The choices arrive after the form: without them the list could not show the room that is set.
  if (rooms.data === undefined) return null;
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="grid gap-4">
      {errors.root?.server !== undefined && (
        <Notice tone="bad">{errors.root.server.message}</Notice>
      )}
      <TextField
        label="Name"
        autoComplete="off"
        error={errors.name?.message}
        {...form.register('name')}
      />
      <SelectField label="Room" error={errors.roomId?.message} {...form.register('roomId')}>
        <option value="">No room</option>
        {rooms.data.map((room) => (
          <option key={room.id} value={room.id}>
            {room.name}
          </option>
        ))}
      </SelectField>
      {isDirty && (
        <div className="flex gap-2">
          <Button type="submit" variant="primary" busy={isSubmitting}>
            Save
          </Button>
          <Button onClick={() => form.reset()} disabled={isSubmitting}>
            Cancel
          </Button>
        </div>
      )}
    </form>
  );
}

function SecretAndDeletion({ device }: { device: Device }) {
  const router = useRouter();
  const rotate = useRotateSecret(device.id);
  const remove = useDeleteDevice(device.id);
  const [asking, setAsking] = useState<'rotate' | 'delete'>();
  const [issued, setIssued] = useState<DeviceWithSecret>();
  const close = () => setAsking(undefined);
  return (
    <div className="mt-6 grid gap-2 border-t border-line pt-5">
      <Button onClick={() => setAsking('rotate')}>
        <KeyRound aria-hidden /> New secret
      </Button>
      <Button variant="dangerQuiet" onClick={() => setAsking('delete')}>
        <Trash2 aria-hidden /> Delete this device
      </Button>
      <ConfirmDialog
        open={asking === 'rotate'}
        onOpenChange={close}
        title={`Give ${device.name} a new secret?`}
        action="Make a new secret"
        onConfirm={async () => setIssued(await rotate.mutateAsync())}
      >
        The old secret stops working at once, and the device is disconnected until it is told the
        new one.
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === 'delete'}
        onOpenChange={close}
        title={`Delete ${device.name}?`}
        action="Delete device and readings"
        typeToConfirm={device.name}
        onConfirm={async () => {
          await remove.mutateAsync();
          toast.success(`${device.name} is deleted`);
          router.push('/devices');
        }}
      >
        Its readings, its history and its commands are deleted with it, and it can no longer
        connect. This cannot be undone.
      </ConfirmDialog>
      {issued !== undefined && (
        <SecretDialog issued={issued} onClose={() => setIssued(undefined)} />
      )}
    </div>
  );
}
