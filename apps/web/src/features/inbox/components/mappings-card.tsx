'use client';

import type { Mapping } from '@hearth/contracts';
import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { metricLabel } from '../../../format/quantity';
import { Button } from '../../../ui/button';
import { Card, CardHeader } from '../../../ui/card';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { Notice } from '../../../ui/notice';
import { Skeleton } from '../../../ui/skeleton';
import { useMay } from '../../home/home-context';
import { useMappings, useRemoveMapping } from '../mapping-queries';
import { MappingDialog } from './mapping-dialog';

/** Topics of others that are somebody's: which device and metrics. */
export function MappingsCard() {
  const mappings = useMappings();
  const may = useMay();
  const [isAdding, setAdding] = useState(false);
  return (
    <Card aria-labelledby="mappings-title">
      <CardHeader
        id="mappings-title"
        title="Topic mappings"
        hint="Which device and metrics the topics of integrations are."
        action={
          may.act && (
            <Button size="small" onClick={() => setAdding(true)}>
              <Plus aria-hidden /> Add a mapping
            </Button>
          )
        }
      />
      <div className="px-5 pt-1 pb-2">
        {mappings.isError && <Notice tone="bad">{mappings.error.message}</Notice>}
        {mappings.isPending && <Skeleton className="my-3 h-16" />}
        {mappings.data?.length === 0 && <p className="py-4 text-sm text-ink-2">None yet.</p>}
        <ul className="divide-y divide-line">
          {(mappings.data ?? []).map((mapping) => (
            <Row key={mapping.id} mapping={mapping} />
          ))}
        </ul>
      </div>
      {isAdding && <MappingDialog mapping={undefined} onClose={() => setAdding(false)} />}
    </Card>
  );
}

function Row({ mapping }: { mapping: Mapping }) {
  const may = useMay();
  const remove = useRemoveMapping();
  const [open, setOpen] = useState<'edit' | 'remove'>();
  const { filter, device, metrics, enabled } = mapping;
  const names = metrics.map(({ metric }) => (/^\w+$/.test(metric) ? metricLabel(metric) : metric));
  return (
    <li className="flex items-start gap-2 py-3">
      <div className="min-w-0 flex-1">
        <p className="font-mono text-sm break-all">{filter}</p>
        <p className="text-sm break-words text-ink-2">
          {enabled ? '' : 'Switched off. '}
          {device}: {names.join(', ')}
        </p>
      </div>
      {may.act && (
        <>
          <Button
            size="iconSmall"
            variant="ghost"
            aria-label={`Change ${filter}`}
            onClick={() => setOpen('edit')}
          >
            <Pencil aria-hidden />
          </Button>
          <Button
            size="iconSmall"
            variant="ghost"
            aria-label={`Remove ${filter}`}
            onClick={() => setOpen('remove')}
          >
            <Trash2 aria-hidden />
          </Button>
        </>
      )}
      {open === 'edit' && <MappingDialog mapping={mapping} onClose={() => setOpen(undefined)} />}
      <ConfirmDialog
        open={open === 'remove'}
        onOpenChange={() => setOpen(undefined)}
        title={`Remove the mapping of ${filter}?`}
        action="Remove"
        onConfirm={async () => {
          await remove.mutateAsync(mapping.id);
          toast.success('The mapping is removed');
        }}
      >
        Readings that are stored stay. New messages on these topics are nobody’s again.
      </ConfirmDialog>
    </li>
  );
}
