'use client';

import { formResolver } from '../../../api/form-resolver';
import { homeChangeSchema, type HomeChange } from '@hearth/contracts';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { placeProblem } from '../../../api/place-problem';
import { Button } from '../../../ui/button';
import { Card, CardHeader } from '../../../ui/card';
import { SelectField, TextField } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import { useMay, useSignedInAs } from '../home-context';
import { useChangeHome } from '../queries';
import { TimeZoneField } from './time-zone-field';

/** Name, time zone and units of the home. */
export function HomeSettingsCard() {
  const { home } = useSignedInAs();
  const may = useMay();
  const change = useChangeHome();
  const { name, timeZone, units } = home;
  const form = useForm<HomeChange>({
    resolver: formResolver(homeChangeSchema),
    values: { name, timeZone, units },
    disabled: !may.own,
  });
  const { errors, isDirty, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async (values) => {
    try {
      await change.mutateAsync(values);
    } catch (error) {
      placeProblem(form, error);
      return;
    }
    toast.success('Saved');
  });
  return (
    <Card aria-labelledby="home-title">
      <CardHeader id="home-title" title="Home" />
      <form
        noValidate
        onSubmit={(event) => void submit(event)}
        className="grid gap-4 px-5 pt-1 pb-5"
      >
        {errors.root?.server !== undefined && (
          <Notice tone="bad">{errors.root.server.message}</Notice>
        )}
        <TextField
          label="Name"
          autoComplete="off"
          error={errors.name?.message}
          {...form.register('name')}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <TimeZoneField
            current={timeZone}
            error={errors.timeZone?.message}
            {...form.register('timeZone')}
          />
          <SelectField label="Units" error={errors.units?.message} {...form.register('units')}>
            <option value="metric">Metric (°C, hPa)</option>
            <option value="imperial">Imperial (°F, inHg)</option>
          </SelectField>
        </div>
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
    </Card>
  );
}
