'use client';

import { seriesChangeSchema, type SeriesChange } from '@hearth/contracts';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { formResolver } from '../../../api/form-resolver';
import { placeProblem } from '../../../api/place-problem';
import { metricLabel } from '../../../format/quantity';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { TextField } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import { useSetUnit } from '../unknown-queries';

interface UnitDialogProps {
  readonly seriesId: number;
  readonly metric: string;
  readonly deviceName: string;
  readonly onClose: () => void;
}

/** Asks for the unit of numbers that came without one. */
export function UnitDialog({ seriesId, metric, deviceName, onClose }: UnitDialogProps) {
  const save = useSetUnit(seriesId);
  const form = useForm<SeriesChange>({
    resolver: formResolver(seriesChangeSchema),
    defaultValues: { unit: '' },
  });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async (change) => {
    try {
      await save.mutateAsync(change);
      toast.success(`${metricLabel(metric)} of ${deviceName} is in ${change.unit}`);
      onClose();
    } catch (error) {
      placeProblem(form, error);
    }
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Unit of ${metricLabel(metric)} of ${deviceName}`}
      description="Stored values stay as they are. It can be said once: from then on, a value that comes in another unit is converted to it."
    >
      <form noValidate onSubmit={(event) => void submit(event)} className="mt-5 grid gap-4">
        {errors.root?.server !== undefined && (
          <Notice tone="bad">{errors.root.server.message}</Notice>
        )}
        <TextField
          label="Unit"
          placeholder="°C"
          autoComplete="off"
          spellCheck={false}
          error={errors.unit?.message}
          {...form.register('unit')}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={isSubmitting}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
