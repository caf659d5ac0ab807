'use client';

import type { Integration, IntegrationWithPassword } from '@hearth/contracts';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { Button } from '../../../ui/button';
import { Card, CardHeader } from '../../../ui/card';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { CopyButton } from '../../../ui/copy-button';
import { Dialog } from '../../../ui/dialog';
import { Notice } from '../../../ui/notice';
import { Skeleton } from '../../../ui/skeleton';
import { useDeleteIntegration, useIntegrations } from '../queries';
import { AddIntegrationDialog } from './add-integration-dialog';

/** Bridges and scripts with a user name of their own. */
export function IntegrationsCard() {
  const integrations = useIntegrations(true);
  const [adding, setAdding] = useState(false);
  const [created, setCreated] = useState<IntegrationWithPassword>();
  return (
    <Card id="integrations" aria-labelledby="integrations-title">
      <CardHeader
        id="integrations-title"
        title="Integrations"
        hint="Bridges and scripts that publish to topics of their own."
        action={
          <Button size="small" onClick={() => setAdding(true)}>
            <Plus aria-hidden /> Add
          </Button>
        }
      />
      <div className="px-5 pt-1 pb-3">
        {integrations.isPending && <Skeleton className="my-2 h-12" />}
        {integrations.isError && <Notice tone="bad">{integrations.error.message}</Notice>}
        {integrations.data?.length === 0 && (
          <p className="py-2 text-sm text-ink-2">
            None yet. Zigbee2MQTT, Tasmota or a script of yours would be one.
          </p>
        )}
        <ul className="divide-y divide-line">
          {integrations.data?.map((integration) => (
            <Row key={integration.id} integration={integration} />
          ))}
        </ul>
      </div>
      {adding && (
        <AddIntegrationDialog
          onClose={() => setAdding(false)}
          onCreated={(result) => {
            setAdding(false);
            if (result.password === null) toast.success(`${result.integration.name} is added`);
            else setCreated(result);
          }}
        />
      )}
      {created !== undefined && (
        <PasswordDialog created={created} onClose={() => setCreated(undefined)} />
      )}
    </Card>
  );
}

function Row({ integration }: { integration: Integration }) {
  const remove = useDeleteIntegration();
  const [asking, setAsking] = useState(false);
  return (
    <li className="flex items-start gap-3 py-3">
      <div className="min-w-0 flex-1">
        <p className="font-medium">
          {integration.name}{' '}
          <span className="font-mono text-sm font-normal text-ink-2">{integration.username}</span>
        </p>
        <p className="font-mono text-sm break-all text-ink-1">
          {integration.topicFilters.join(', ')}
        </p>
      </div>
      <Button
        size="iconSmall"
        variant="ghost"
        aria-label={`Delete ${integration.name}`}
        onClick={() => setAsking(true)}
      >
        <Trash2 aria-hidden />
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Delete ${integration.name}?`}
        action="Delete"
        onConfirm={async () => {
          await remove.mutateAsync(integration.id);
          toast.success(`${integration.name} is deleted`);
        }}
      >
        Whoever uses the user name {integration.username} is disconnected at once and cannot come
        back. What it has published so far stays.
      </ConfirmDialog>
    </li>
  );
}

/** Shows the password that was made, once. */
function PasswordDialog(props: { created: IntegrationWithPassword; onClose: () => void }) {
  const { created, onClose } = props;
  const password = created.password ?? '';
  return (
    <Dialog
      open
      dismissible={false}
      onOpenChange={onClose}
      title={`Password of ${created.integration.name}`}
      description="Hearth keeps only a fingerprint of it. It will not be shown again."
    >
      <p className="mt-4 flex items-center gap-2 rounded-control border border-line bg-surface-2 py-1 pr-1 pl-4">
        <span className="min-w-0 flex-1 font-mono break-all select-all">{password}</span>
        <CopyButton text={password} what="the password" />
      </p>
      <div className="mt-6 flex justify-end">
        <Button variant="primary" onClick={onClose}>
          I have it
        </Button>
      </div>
    </Dialog>
  );
}
