'use client';

import { formResolver } from '../../../api/form-resolver';
import {
  COMMAND_TIMEOUT_DEFAULT_SECONDS,
  commandCreateSchema,
  type Device,
} from '@hearth/contracts';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import { placeProblem } from '../../../api/place-problem';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { TextAreaField, TextField } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import { useSendCommand } from '../queries';

/** The arguments as they are typed: a JSON object. The rest is the contract's. */
const formSchema = z.object({
  name: commandCreateSchema.shape.name,
  timeoutSeconds: commandCreateSchema.shape.timeoutSeconds,
  args: z.string().transform((text, context) => {
    try {
      const parsed = commandCreateSchema.shape.args.safeParse(
        JSON.parse(text === '' ? '{}' : text),
      );
      if (parsed.success) return parsed.data;
    } catch {
      // Said below, as for JSON that is no object.
    }
    context.addIssue({ code: 'custom', message: 'must be a JSON object, like {"level": 3}' });
    return z.NEVER;
  }),
});

interface SendCommandDialogProps {
  readonly device: Device;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Sends any command; the device decides what it understands. */
export function SendCommandDialog({ device, open, onOpenChange }: SendCommandDialogProps) {
  const send = useSendCommand(device.id);
  const form = useForm<z.input<typeof formSchema>, unknown, z.output<typeof formSchema>>({
    resolver: formResolver(formSchema),
    defaultValues: { name: '', args: '', timeoutSeconds: COMMAND_TIMEOUT_DEFAULT_SECONDS },
  });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async (command) => {
    try {
      await send.mutateAsync(command);
    } catch (error) {
      placeProblem(form, error);
      return;
    }
    toast.success(`${command.name} is on its way to ${device.name}`);
    form.reset();
    onOpenChange(false);
  });
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Send a command to ${device.name}`}
      description="It goes out on the device's command topic. What it means is up to the device."
    >
      <form noValidate onSubmit={(event) => void submit(event)} className="mt-5 grid gap-4">
        {errors.root?.server !== undefined && (
          <Notice tone="bad">{errors.root.server.message}</Notice>
        )}
        <TextField
          label="Command"
          placeholder="identify"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          error={errors.name?.message}
          {...form.register('name')}
        />
        <TextAreaField
          label="Arguments (JSON, may be empty)"
          placeholder='{"seconds": 5}'
          spellCheck={false}
          className="font-mono text-sm"
          error={errors.args?.message}
          {...form.register('args')}
        />
        <TextField
          label="Give up after (seconds)"
          type="number"
          inputMode="numeric"
          error={errors.timeoutSeconds?.message}
          {...form.register('timeoutSeconds', { valueAsNumber: true })}
        />
        <div className="mt-2 flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" variant="primary" busy={isSubmitting}>
            Send
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
