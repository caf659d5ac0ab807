'use client';

import { formResolver } from '../../../api/form-resolver';
import { integrationCreateSchema, type IntegrationWithPassword } from '@hearth/contracts';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { ApiProblem } from '../../../api/api-problem';
import { placeProblem } from '../../../api/place-problem';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { TextAreaField, TextField } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import { useCreateIntegration } from '../queries';

const { name, username, password, topicFilters } = integrationCreateSchema.shape;

/** Filters are typed one a line; an empty password asks for one to be made. */
const formSchema = z.object({
  name,
  username,
  password: z.union([z.literal(''), password.unwrap()]),
  topicFilters: z
    .string()
    .transform((text) =>
      text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    )
    .pipe(topicFilters),
});

interface AddIntegrationDialogProps {
  readonly onClose: () => void;
  readonly onCreated: (created: IntegrationWithPassword) => void;
}

export function AddIntegrationDialog({ onClose, onCreated }: AddIntegrationDialogProps) {
  const create = useCreateIntegration();
  const form = useForm<z.input<typeof formSchema>, unknown, z.output<typeof formSchema>>({
    resolver: formResolver(formSchema),
    defaultValues: { name: '', username: '', password: '', topicFilters: '' },
  });
  const { errors, isSubmitting } = form.formState;
  // With several filters the resolver names the line (`topicFilters.1`), which has no field of its own.
  const filterErrors = errors.topicFilters;
  const filterMessage = filterErrors?.message ?? firstMessage(filterErrors);
  const submit = form.handleSubmit(async (values) => {
    const { password: chosen, ...integration } = values;
    try {
      onCreated(
        await create.mutateAsync({ ...integration, ...(chosen !== '' && { password: chosen }) }),
      );
    } catch (error) {
      placeProblem(form, onWholeFields(error));
    }
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Add an integration"
      description="It connects to the MQTT broker with this user name and password, and may use these topics only."
    >
      <form noValidate onSubmit={(event) => void submit(event)} className="mt-5 grid gap-4">
        {errors.root?.server !== undefined && (
          <Notice tone="bad">{errors.root.server.message}</Notice>
        )}
        <TextField
          label="Name"
          placeholder="Zigbee bridge"
          autoComplete="off"
          error={errors.name?.message}
          {...form.register('name')}
        />
        <TextField
          label="User name"
          placeholder="zigbee"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          error={errors.username?.message}
          {...form.register('username')}
        />
        <TextField
          label="Password"
          hint="Leave it empty, and a strong one is made and shown once."
          autoComplete="off"
          spellCheck={false}
          error={errors.password?.message}
          {...form.register('password')}
        />
        <TextAreaField
          label="Topic filters, one a line"
          placeholder={'zigbee2mqtt/#\nhome/+/temperature'}
          hint="+ stands for one level, # for all that follow."
          spellCheck={false}
          className="font-mono text-sm"
          error={filterMessage}
          {...form.register('topicFilters')}
        />
        <div className="mt-2 flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={isSubmitting}>
            Add
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function firstMessage(errors: unknown): string | undefined {
  if (typeof errors !== 'object' || errors === null) return undefined;
  for (const [index, error] of Object.entries(errors)) {
    if (typeof error === 'object' && error !== null && 'message' in error) {
      return `Line ${Number(index) + 1} ${String(error.message)}`;
    }
  }
  return undefined;
}

/** The server names one filter of many (`topicFilters.1`); the form has one field for all. */
function onWholeFields(error: unknown): unknown {
  if (!(error instanceof ApiProblem)) return error;
  return new ApiProblem({
    type: 'about:blank',
    title: error.message,
    status: error.status,
    detail: error.message,
    code: error.code,
    errors: error.fields.map(({ field, message }) => ({
      field: field.startsWith('topicFilters') ? 'topicFilters' : field,
      message,
    })),
  });
}
